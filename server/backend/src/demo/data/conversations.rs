//! What customers write about.

/// Subjects, as people type them.
pub static SUBJECTS: [&str; 44] = [
    "VPN drops every 20 minutes",
    "Printer on 3rd floor prints blank pages",
    "Can’t sign in after password change",
    "New starter on Monday: laptop and accounts",
    "Outlook keeps asking for credentials",
    "Shared mailbox permissions",
    "Invoice 2291 charged twice",
    "Phone system down at reception",
    "Request: second monitor",
    "Suspicious email from “CEO”",
    "Backup job failed overnight",
    "Wi-Fi slow in meeting rooms",
    "Upgrade to Windows 11",
    "License for Adobe Acrobat",
    "Scanner not found",
    "Mac won’t wake from sleep",
    "Restore deleted folder from last week",
    "MFA device lost",
    "Website certificate expired",
    "Calendar shows wrong time zone",
    "Offboarding: access to be removed on Friday",
    "Teams call has no sound",
    "Disk almost full on FILESRV02",
    "Add domain alias",
    "Quote for 12 notebooks",
    "Zugriff auf Laufwerk P: fehlt",
    "Drucker druckt nur noch Hieroglyphen",
    "Passwort zurücksetzen für Frau Großmann",
    "L’imprimante ne répond plus",
    "Impossible d’ouvrir les pièces jointes",
    "No puedo acceder al portal",
    "Factura duplicada de marzo",
    "Não consigo imprimir em duas faces",
    "الطابعة لا تعمل منذ الصباح",
    "لا أستطيع تسجيل الدخول إلى البوابة",
    "המחשב איטי מאוד מאז העדכון",
    "メールが送信できません",
    "无法连接到远程桌面",
    "Не працює спільна папка",
    "प्रिंटर ऑफलाइन दिख रहा है",
    "URGENT!!! everything is down",
    "Re: Re: Fwd: still not working",
    "(no subject)",
    "Please add “Back office” to the door system and move the badge readers of building 4, 5 and 7 to the new controller before the audit on the 14th",
];

pub static TAGS: [&str; 16] = [
    "vpn", "printer", "onboarding", "offboarding", "billing", "password", "mfa", "hardware", "license", "network",
    "phishing", "vip", "waiting-for-vendor", "email", "backup", "möbel",
];

pub static PRIORITIES: [&str; 4] = ["Low", "Normal", "High", "Urgent"];

pub static CHANNELS: [&str; 5] = ["chat", "email", "portal", "phone", "teams"];

pub static NOTES: [&str; 8] = [
    "Called back, left a message.",
    "Vendor ticket opened, answer promised for tomorrow.",
    "User confirmed by phone that it works again.",
    "Same problem as last month, see the knowledge base.",
    "Needs approval from the account manager before we order.",
    "Remote session 14 minutes: cleared the print queue, reinstalled the driver.",
    "Asked for a screenshot.",
    "Escalated to the network team.",
];
