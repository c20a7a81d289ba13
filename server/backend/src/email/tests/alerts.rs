//! Who is told when something needs looking after.

use super::{PostOffice, form};
use crate::{email::alerts, testing::on_each_database};
use daybook_domain::{
    email_template::MailTemplate,
    permission::Permission,
    ports::{Emails as _, Users as _},
};

async fn tell(office: &PostOffice) {
    let workspace = office.house.workspace.id;
    let told = office.house.at.writer.change(move |tx| {
        Box::pin(async move {
            let values = [
                ("endpoint", "Ticket sync"),
                ("reason", "it answered that it is gone (410)"),
            ];
            let (to, template) = (Permission::WebhooksManage, MailTemplate::WebhookOff);
            alerts::tell(tx, workspace, to, template, &values).await
        })
    });
    told.await.unwrap();
}

#[tokio::test]
async fn those_who_may_do_something_about_it_are_told() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let house = &office.house;
        house.user("Cy Auditor", "cy@northdesk.example", "Auditor").await;
        house
            .user("Bo Admin", "bo@northdesk.example", "Administrator")
            .await;
        let gone = house
            .user("Eve Gone", "eve@northdesk.example", "Administrator")
            .await;
        let who = house.managing_users();
        house.accounts.deactivate_user(&who, gone.id).await.unwrap();
        let role = house.role("Administrator").await;
        let invited = house
            .accounts
            .invite_user(&who, "Ivo", "ivo@northdesk.example", role);
        invited.await.unwrap();
        // No mail goes to such an address, and the others get theirs.
        house.user("Odd", "odd@x,y", "Administrator").await;
        tell(&office).await;
        office.worker.settle().await.unwrap();
        let rows = office.list(None, "?template=webhook_off").await.rows;
        let mut to: Vec<_> = rows.iter().map(|row| row.to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["ada@northdesk.example", "bo@northdesk.example"]);
        let text = office.email(rows[0].id).await.text.unwrap();
        assert!(
            text.contains("“Ticket sync” of Northdesk: it answered that it is gone (410)."),
            "{text}"
        );
        // Daybook's address isn't given here: nothing leads nowhere.
        assert!(!text.contains("See what went wrong"), "{text}");
        assert_eq!(server.take().len(), 2 + 1, "and the invitation");
        // Where no mail is sent, nothing is.
        office.set(form("", 25)).await.unwrap();
        tell(&office).await;
        assert_eq!(office.list(None, "?template=webhook_off").await.rows.len(), 2);
        let settings = office.emails.mail_settings(&office.manager()).await.unwrap();
        assert_eq!(settings.host, "");
    })
    .await;
}
