// A single-page application over oidc-client-ts. What it knows stands in #state.
/* global oidc */
(async () => {
  const settings = await (await fetch('/settings.json')).json()
  const manager = new oidc.UserManager({
    redirect_uri: location.origin + '/back', post_logout_redirect_uri: location.origin + '/bye',
    silent_redirect_uri: location.origin + '/silent', loadUserInfo: true, ...settings,
  })
  let renewed = 0
  const show = (what, user, error) => {
    const state = document.querySelector('#state')
    state.textContent = JSON.stringify({
      what, error: error?.stack, renewed, sub: user?.profile.sub, email: user?.profile.email, access: user?.access_token, refresh: user?.refresh_token,
    })
    state.dataset.what = what
  }
  const failed = (error) => show('failed', null, error)
  manager.events.addUserLoaded((user) => { renewed++; show('renewed', user) })
  manager.events.addSilentRenewError(failed)
  document.querySelector('#sign-in').onclick = () => manager.signinRedirect({ state: 'kept' }).catch(failed)
  document.querySelector('#renew').onclick = () => manager.signinSilent().catch(failed)
  document.querySelector('#sign-out').onclick = () => manager.signoutRedirect().catch(failed)

  try {
    switch (location.pathname) {
      case '/back': {
        const user = await manager.signinCallback()
        renewed = 0
        return show(user.state === 'kept' ? 'signed in' : 'failed', user)
      }
      case '/silent':
        return await manager.signinSilentCallback()
      case '/bye':
        await manager.signoutCallback()
        return show('signed out', await manager.getUser())
      default:
        return show('ready', await manager.getUser())
    }
  } catch (error) {
    failed(error)
  }
})()
