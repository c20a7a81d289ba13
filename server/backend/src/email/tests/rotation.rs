//! Another key comes to seal, and the older one goes.

use super::{KEY, PostOffice, form};
use crate::{
    delivery::sealed::Keyring,
    email::{settings, signing_keys},
    secrets::{Resealed, reseal},
    testing::TestDb,
};
use daybook_domain::{
    email::{EmailProvider, MailSecurity, NewPassword},
    event::Outcome,
    log::LogScope,
    ports::Emails as _,
};
use secrecy::ExposeSecret;

const OTHER: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

#[tokio::test]
async fn what_an_older_key_has_sealed_is_sealed_anew() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let mut form = form("smtp.northdesk.example", 587);
    form.security = MailSecurity::Tls;
    form.username = "desk".to_owned();
    form.password = NewPassword::new("hunter2".to_owned());
    office.set(form).await.unwrap();
    let key = NewPassword::new("signing".to_owned());
    let mailgun = EmailProvider::Mailgun;
    office
        .emails
        .set_provider_key(&office.manager(), mailgun, key)
        .await
        .unwrap();
    let (db, workspace) = (&office.house.at.db.read, office.house.workspace.id);
    let only_other = Keyring::new(OTHER, []).unwrap();
    let with = async |keys: &Keyring| {
        let who = office
            .house
            .accounts
            .system_viewer(&office.house.workspace, "Command line");
        reseal(&office.house.at.writer, who, keys).await.unwrap()
    };
    // Without the older key nothing can be opened, and nothing is lost.
    let lost = with(&only_other).await;
    assert_eq!((lost.anew, lost.unopened.len()), (0, 2), "{lost:?}");
    assert_eq!(office.log(LogScope::All).await[0].body.outcome, Outcome::Failure);
    let both = Keyring::new(OTHER, [KEY]).unwrap();
    let resealed = with(&both).await;
    assert_eq!((resealed.anew, resealed.current), (2, 0));
    let again = with(&both).await;
    let all_current = Resealed {
        current: 2,
        ..Resealed::default()
    };
    assert_eq!(again, all_current);
    let row = settings::find(db, workspace).await.unwrap();
    let password = settings::password(&row, &only_other).unwrap().unwrap();
    assert_eq!(password.expose_secret(), "hunter2");
    let key = signing_keys::of(db, workspace, mailgun, &only_other)
        .await
        .unwrap();
    assert_eq!(key.unwrap().expose_secret(), "signing");
    let newest = &office.log(LogScope::All).await[0].body;
    assert_eq!(newest.event_type, "secrets.resealed");
}
