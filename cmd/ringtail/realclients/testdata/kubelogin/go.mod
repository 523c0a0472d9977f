module github.com/ringtail-id/ringtail/kubelogin

go 1.26.0

require github.com/int128/kubelogin v1.28.0
