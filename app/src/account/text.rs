//! What the account page says.

use daybook_domain::regional::RegionalFormat;

pub const TITLE: &str = "Your account";
pub const ANOTHERS: &str = "You appear as another user: what is theirs here can be seen and not changed.";
pub const SESSIONS: &str = "Where you are signed in";
pub const SESSIONS_LEAD: &str = "If you don't recognise one of these, sign it out and change your password.";
pub const THIS_BROWSER: &str = "This browser";
pub const UNKNOWN_DEVICE: &str = "Unknown browser";
pub const NO_ADDRESS: &str = "–";
pub const SIGN_OUT: &str = "Sign out";
pub const SIGNING_OUT: &str = "Signing out…";
pub const SIGN_OUT_OTHERS: &str = "Sign out everywhere else";
pub const ONLY_HERE: &str = "You are signed in nowhere else.";
pub const SIGNED_OUT: &str = "That browser is signed out.";
pub const PROFILE: &str = "Name and phone";
pub const PROFILE_LEAD: &str = "As colleagues see you. Records of the past keep the name you had.";
pub const NAME: &str = "Name";
pub const PHONE: &str = "Phone";
pub const SAVE_PROFILE: &str = "Save name and phone";
pub const PROFILE_SAVED: &str = "Your name and phone are saved.";
pub const PASSWORD: &str = "Password";
pub const PASSWORD_LEAD: &str = "A change signs you out everywhere but here.";
pub const CURRENT_PASSWORD: &str = "Current password";
pub const NEW_PASSWORD: &str = "New password";
pub const NEW_PASSWORD_HINT: &str = "At least 12 characters, more where the workspace asks for it, and hard to guess. Four or five unrelated words do well.";
pub const CHANGE_PASSWORD: &str = "Change password";
pub const CHANGING: &str = "Changing…";
pub const PASSWORD_CHANGED: &str = "Your password is changed. Everywhere but here you are signed out.";
pub const SECOND_FACTOR: &str = "Second factor";
pub const SECOND_FACTOR_LEAD: &str =
    "A code beside the password: whoever learns your password still can't sign in as you.";
pub const CHANGE_SECOND_FACTOR: &str = "Second factor…";
pub const BACK_TO_ACCOUNT: &str = "Your account";
pub const NEEDED: &str =
    "Your role needs a second factor. Set it up; until then you can do nothing else here.";
pub const OFF: &str = "None: your password alone lets you in.";
pub const ON: &str = "A code is asked for";
pub const ON_SINCE: &str = "When you sign in, you are asked for a code, since ";
pub const SET_UP: &str = "Set it up";
pub const SET_UP_LEAD: &str = "You need an app that makes codes, such as Aegis, 2FAS, Google Authenticator, Microsoft Authenticator or a password \
     manager.";
pub const BEGIN: &str = "Continue";
pub const BEGINNING: &str = "Checking…";
pub const BEGIN_AGAIN: &str = "Begin again…";
pub const BEGIN_AGAIN_LEAD: &str = "Another code is made for the app. The one above is worth nothing then.";
pub const APP: &str = "1. Add Daybook to your app";
pub const APP_LEAD: &str = "Point the app's camera at this picture.";
pub const QR_CODE: &str = "QR code for your app; what it says stands below, to be typed";
pub const TYPED_LEAD: &str = "Or type this into the app, as a key for codes by time.";
pub const OPEN_APP: &str = "Open it in an app on this device";
pub const FIRST_CODE: &str = "2. Type the code it shows";
pub const FIRST_CODE_LEAD: &str = "From then on you are asked for one when you sign in.";
pub const CODE: &str = "Code";
pub const CODE_HINT: &str = "Six digits of the app, or a recovery code.";
pub const SWITCH_ON: &str = "Switch it on";
pub const SWITCHING_ON: &str = "Checking…";
pub const SWITCHED_ON: &str = "The second factor is on. These are your recovery codes: each lets you in once where you don't have the app. Keep them \
     where you'd find them; they aren't shown again.";
pub const BEGUN: &str = "Add Daybook to your app, and type the code it shows.";
pub const SWITCH_OFF: &str = "Switch it off…";
pub const SWITCH_OFF_LEAD: &str = "Your password alone lets you in then. It takes a code.";
pub const SWITCH_OFF_NOW: &str = "Switch it off";
pub const SWITCHING_OFF: &str = "Switching off…";
pub const SWITCHED_OFF: &str = "The second factor is off.";
pub const CANNOT_SWITCH_OFF: &str = "Your role needs it: it can't be switched off.";
pub const RECOVERY_CODES: &str = "Recovery codes";
pub const RECOVERY_CODES_LEAD: &str =
    "Each lets you in once where you don't have the app. New ones take the place of those you have.";
pub const RENEW: &str = "Make new recovery codes";
pub const RENEWING: &str = "Making…";
pub const RENEWED: &str = "These are your new recovery codes. Those from before don't work any more.";
pub const ZONE: &str = "Time zone";
pub const ZONE_LEAD: &str = "Daybook shows you times in this zone. Records keep them in UTC.";
pub const ZONE_HINT: &str = "By city, such as Europe/Berlin. Type to find it.";
pub const SAVE_ZONE: &str = "Save time zone";
pub const FORMAT: &str = "Language and region";
pub const FORMAT_LEAD: &str =
    "Daybook speaks English. How it writes dates, times and numbers follows the region you choose.";
pub const FORMAT_LABEL: &str = "Dates and numbers as in";
pub const SAVE_FORMAT: &str = "Save region";
pub const SAVING: &str = "Saving…";

/// A way of writing, with an example.
pub fn format(format: RegionalFormat) -> String {
    format!("{}: {}", format.title(), format.example())
}

pub fn format_saved(format: RegionalFormat) -> String {
    format!(
        "Dates and numbers are now written like this: {}.",
        format.example()
    )
}

pub fn zone_saved(zone: &str) -> String {
    format!("Times are now shown in {zone}.")
}

pub fn signed_out_others(count: u64) -> String {
    match count {
        0 => "You were signed in nowhere else.".to_owned(),
        1 => "One other browser is signed out.".to_owned(),
        many => format!("{many} other browsers are signed out."),
    }
}

pub fn codes_left(codes: u64) -> String {
    match codes {
        0 => "No recovery code is left: make new ones.".to_owned(),
        1 => "One recovery code is left.".to_owned(),
        many => format!("{many} recovery codes are left."),
    }
}
