//! Invitations by mail.

use super::{PostOffice, form, server::Instead};
use crate::{
    accounts::tests::{ADDRESS, PASSWORD, home},
    testing::on_each_database,
};
use daybook_domain::{
    Error as Told,
    account::{Invited, LinkWay},
    email::EmailStatus,
    log::LogScope,
    ports::{Emails as _, Gate as _, Users as _},
};

/// The links with which a message as it went out leads to a page of Daybook.
pub(super) fn links(message: &str, page: &str) -> Vec<String> {
    // Quoted-printable breaks lines.
    let message = message.replace("=\r\n", "");
    let begin = format!("{ADDRESS}/{page}/");
    let token = |rest: &str| {
        let fits = |c: &char| c.is_ascii_alphanumeric() || "-_".contains(*c);
        rest.chars().take_while(fits).collect()
    };
    message.split(&begin).skip(1).map(token).collect()
}

async fn invite(office: &PostOffice, email: &str) -> Invited {
    let who = office.house.managing_users();
    let agent = office.house.role("Agent").await;
    let invited = office.house.accounts.invite_user(&who, "Bo Chen", email, agent);
    invited.await.unwrap()
}

fn why(invited: Invited) -> String {
    match invited.way {
        LinkWay::Shown { why, .. } => why.unwrap(),
        LinkWay::Mailed => panic!("it was mailed"),
    }
}

#[tokio::test]
async fn who_is_invited_gets_a_mail_with_which_they_come_in() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let invited = invite(&office, "Bo@Harbor.example").await;
        assert_eq!(invited.way, LinkWay::Mailed);
        let body = &office.log(LogScope::All).await[0].body;
        assert_eq!(body.event_type, "user.invited");
        assert_eq!(body.metadata["delivery"], "email");
        office.worker.settle().await.unwrap();
        let message = server.take().remove(0);
        assert!(
            message.contains("Subject: Ada Lindqvist invites you to Northdesk\r\n"),
            "{message}"
        );
        assert!(
            message.contains("To: \"Bo Chen\" <bo@harbor.example>\r\n"),
            "{message}"
        );
        let first = links(&message, "invite");
        assert!(
            first.len() == 3 && first[0] == first[1] && first[1] == first[2],
            "{first:?}"
        );
        // Again: another link, and the old one is dead.
        let (who, accounts) = (office.house.managing_users(), &office.house.accounts);
        let again = accounts.reinvite_user(&who, invited.user.id, true).await.unwrap();
        assert_eq!(again.way, LinkWay::Mailed);
        office.worker.settle().await.unwrap();
        let second = links(&server.take()[0], "invite").remove(0);
        assert_eq!(accounts.invitation(&first[0]).await, Err(Told::NotFound));
        assert_eq!(accounts.invitation(&second).await.unwrap().name, "Bo Chen");
        let came = accounts
            .accept_invitation(&second, PASSWORD.into(), &home())
            .await;
        assert_eq!(came.unwrap(), invited.user.id);
        // Nobody else reads the link.
        let found = office.list(None, "?template=invitation").await.rows;
        assert_eq!(found.len(), 2);
        for email in found {
            let text = office.email(email.id).await.text.unwrap();
            assert!(text.contains("(link)") && !text.contains(ADDRESS), "{text}");
            assert_eq!(email.status, EmailStatus::Sent);
        }
        // By hand, where the mail doesn't arrive.
        let other = invite(&office, "eve@harbor.example").await.user.id;
        let by_hand = accounts.reinvite_user(&who, other, false).await.unwrap();
        assert!(
            matches!(by_hand.way, LinkWay::Shown { why: None, .. }),
            "{by_hand:?}"
        );
        assert_eq!(
            office.log(LogScope::All).await[0].body.metadata["delivery"],
            "shown"
        );
    })
    .await;
}

#[tokio::test]
async fn where_no_mail_can_go_the_link_is_shown_with_the_reason() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        server.answers([Instead::OfRecipient("550 5.1.1 No such user")]);
        let bounced = invite(&office, "gone@harbor.example").await.user.id;
        office.worker.settle().await.unwrap();
        let (who, accounts) = (office.house.managing_users(), &office.house.accounts);
        let again = accounts.reinvite_user(&who, bounced, true).await.unwrap();
        assert_eq!(why(again), "The address is on the suppression list: hard bounce.");
        let detail = accounts.user(&who, bounced).await.unwrap();
        assert!(detail.unmailable.unwrap().contains("hard bounce"));
        // Good enough to sign in with.
        let odd = invite(&office, "bo@x,y").await;
        assert_eq!(why(odd), "This is not an email address.");
        office.set(form("", 25)).await.unwrap();
        let without = invite(&office, "cy@harbor.example").await;
        assert!(why(without).starts_with("There is no mail server"));
        let found = office.list(None, "?template=invitation").await.rows;
        assert_eq!(found.len(), 1);
        let seen = office.emails.mail_settings(&office.manager()).await.unwrap();
        assert_eq!(seen.host, "");
    })
    .await;
}
