package users

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// sessionsData is what the page users/sessions shows.
type sessionsData struct {
	head
	Sessions []sessionData
	Access   []accessData
}

type sessionData struct {
	ID, Address, UserAgent, Clients string
	Began, Seen, Ends               time.Time
}

type accessData struct {
	ClientID, Client, Items string
	Since                   time.Time
}

func (s *Section) sessionsPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	data := sessionsData{}
	if data.head, err = s.headOf(r, a, u, "/sessions"); err != nil {
		return err
	}
	all, err := s.Sessions(r.Context(), u)
	if err != nil {
		return err
	}
	for _, one := range all {
		var clients []string
		for _, c := range one.Clients {
			name, err := s.clientName(r.Context(), c.ClientID)
			if err != nil {
				return err
			}
			clients = append(clients, name)
		}
		data.Sessions = append(data.Sessions, sessionData{
			ID: one.ID, Address: one.Address, UserAgent: one.UserAgent, Clients: strings.Join(clients, ", "),
			Began: one.CreatedAt, Seen: one.SeenAt, Ends: one.ExpiresAt,
		})
	}
	access, err := s.Access(r.Context(), u)
	if err != nil {
		return err
	}
	for _, one := range access {
		name, err := s.clientName(r.Context(), one.ClientID)
		if err != nil {
			return err
		}
		var items []string
		for _, item := range one.Items {
			items = append(items, item.Name)
		}
		data.Access = append(data.Access, accessData{ClientID: one.ClientID, Client: name, Items: strings.Join(items, ", "), Since: one.Since})
	}
	return s.View.Show(w, r, a, admin.Page{Name: "users/sessions", Title: u.Login, Data: data})
}

// endPage ends one session, or all where none is named.
func (s *Section) endPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	id, session := r.PathValue("id"), r.PostForm.Get("session")
	if session != "" {
		if err := s.EndSession(r.Context(), a, id, session); err != nil {
			return err
		}
		return s.back(w, r, "/sessions", "The session was ended.")
	}
	n, err := s.EndSessions(r.Context(), a, id)
	if err != nil {
		return err
	}
	return s.back(w, r, "/sessions", fmt.Sprintf("The user is signed out everywhere. Sessions ended: %d.", n))
}

func (s *Section) revokePage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := s.Revoke(r.Context(), a, r.PathValue("id"), r.PostForm.Get("client")); err != nil {
		return err
	}
	return s.back(w, r, "/sessions", "The application has no access any more.")
}
