//! Nobody gives more than they have, and nobody takes from those who have more.

use store::Account;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::permissions::{Right, Role, Scope};

/// Whether the caller may make somebody this, or unmake it.
pub(super) fn may_give(inside: &Inside, role: Role) -> Result<()> {
    let is_more = Right::ALL.into_iter().any(|right| role.may(right) && !inside.may(right));
    if is_more {
        let message =
            format!("you may not give or take the role `{}`: it may more than you", role.name());
        return Err(Error::forbidden(message));
    }
    Ok(())
}

/// The same for a key.
pub(super) fn may_lend(inside: &Inside, scope: Scope) -> Result<()> {
    let is_more = Right::ALL.into_iter().any(|right| scope.may(right) && !inside.may(right));
    if is_more {
        let message =
            format!("you may not give the scope `{}`: it may more than you", scope.name());
        return Err(Error::forbidden(message).at("/scopes"));
    }
    Ok(())
}

/// The member of this workspace, of whom the caller may dispose as far as the workspace goes.
pub(super) async fn member(inside: &Inside, user: &str) -> Result<store::Member> {
    let member = inside.workspace.find_member(user).await?;
    let member = member.ok_or_else(|| Error::not_found("member", user))?;
    // A role that nobody knows any more may be taken away.
    if let Some(role) = Role::named(&member.role) {
        may_give(inside, role)?;
    }
    Ok(member)
}

/// The member of this workspace, of whom the caller may dispose altogether: nobody of another workspace may be locked out,
/// or taken over, from this one.
pub(super) async fn whole_user(app: &App, inside: &Inside, user: &str) -> Result<Account> {
    member(inside, user).await?;
    let account = app.store().account(user).await?;
    let account = account.ok_or_else(|| Error::not_found("member", user))?;
    let caller = match inside.user() {
        Some(caller) => app.store().account(caller).await?,
        None => None,
    };
    if caller.is_some_and(|caller| caller.is_owner) {
        return Ok(account);
    }
    let is_elsewhere = app.store().memberships(user).await?.len() > 1;
    if account.is_owner || is_elsewhere {
        return Err(Error::forbidden(
            "this user is more than a member of this workspace; ask an owner of the whole installation, or take the \
             member out",
        ));
    }
    Ok(account)
}
