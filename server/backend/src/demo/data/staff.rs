//! The people of Northdesk: many languages and scripts, because names are where software breaks.

/// One member of staff: name, mailbox, office (see `calendar::OFFICES`).
#[derive(Debug)]
pub struct StaffRow(pub &'static str, pub &'static str, pub usize);

/// The three accounts that the person trying Daybook signs in with: administrator, auditor, agent.
pub static ACCOUNTS: [StaffRow; 3] = [
    StaffRow("Mara Okafor", "admin", 0),
    StaffRow("Ingrid Þórsdóttir-Lindqvist", "auditor", 0),
    StaffRow("Tomás Ferreira", "agent", 1),
];

/// How many of the rows below a workspace has.
pub const STAFF: usize = 25;

/// Everybody else. A seed takes [`STAFF`] of them.
pub static OTHERS: [StaffRow; 32] = [
    StaffRow("Jonas Weiß", "jonas.weiss", 0),
    StaffRow("Priya Nair", "priya.nair", 1),
    StaffRow("ليلى الخطيب", "layla.khatib", 2),
    StaffRow("Zeynep Yıldırım", "zeynep.yildirim", 0),
    StaffRow("Łukasz Wiśniewski", "lukasz.wisniewski", 0),
    StaffRow("נועה בן־דוד", "noa.bendavid", 2),
    StaffRow("Nguyễn Thị Minh Khai", "khai.nguyen", 1),
    StaffRow("王小明", "xiaoming.wang", 1),
    StaffRow("Олександра Ковальчук", "oleksandra.kovalchuk", 0),
    StaffRow("Siobhán Ní Dhomhnaill", "siobhan.nidhomhnaill", 1),
    StaffRow("Jean-Baptiste Lefèvre", "jb.lefevre", 1),
    StaffRow("عبد الرحمن بن يوسف الحسيني", "abdulrahman.husseini", 2),
    StaffRow("佐藤 美咲", "misaki.sato", 1),
    StaffRow("김서연", "seoyeon.kim", 1),
    StaffRow("Κωνσταντίνος Παπαδόπουλος", "k.papadopoulos", 0),
    StaffRow("आरव शर्मा", "aarav.sharma", 2),
    StaffRow(
        "Beatriz Guimarães da Conceição e Albuquerque de Vasconcelos",
        "beatriz.vasconcelos",
        1,
    ),
    StaffRow("Bjørn Ødegård", "bjorn.odegard", 0),
    StaffRow("María José Núñez Ibáñez", "mariajose.nunez", 1),
    StaffRow("Chukwuemeka Adichie", "emeka.adichie", 0),
    StaffRow("Élodie Dubois", "elodie.dubois", 1),
    StaffRow("Gábor Szőllősi", "gabor.szollosi", 0),
    StaffRow("สมชาย ใจดี", "somchai.jaidee", 1),
    StaffRow("Ioana Ștefănescu", "ioana.stefanescu", 0),
    StaffRow("Mele Kealoha", "mele.kealoha", 1),
    StaffRow("Дмитрий Соколов", "dmitry.sokolov", 2),
    StaffRow("Tjeerd van der Meulen", "tjeerd.vandermeulen", 0),
    StaffRow("Žofie Dvořáková", "zofie.dvorakova", 0),
    StaffRow("Omar Haddad", "omar.haddad", 2),
    StaffRow("Xiomara Quetzalli Hernández", "xiomara.hernandez", 1),
    StaffRow("Sunniva O’Brien-Håkansson", "sunniva.obrien", 0),
    StaffRow("دانا منصور", "dana.mansour", 2),
];
