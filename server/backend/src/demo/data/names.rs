//! Given and family names of customers' people, by language. `Jürgen=juergen` gives the spelling used in addresses
//! where it isn't the name in lower case; `_` stands for a space inside a name.

/// One language's names. `family_first` where people write the family name first.
#[derive(Debug)]
pub struct Culture {
    pub given: &'static str,
    pub family: &'static str,
    pub family_first: bool,
    /// How many of a hundred customers.
    pub share: u64,
}

const fn culture(share: u64, given: &'static str, family: &'static str) -> Culture {
    Culture {
        given,
        family,
        family_first: false,
        share,
    }
}

pub static CULTURES: [Culture; 16] = [
    culture(
        20,
        "Alice Benjamin Charlotte Daniel Eleanor Finn Grace Harriet Isaac Jasmine Kieran Lucy Maeve=maeve Nathan Olivia Patrick Quinn Rebecca Samuel Tamsin",
        "Abbott Bradshaw Carmichael Donnelly Ellsworth Featherstonehaugh Galloway Hargreaves Ingram Jefferson Kirkpatrick Lockwood McAllister O'Connell=oconnell Pemberton Ravenscroft Sinclair Thornbury Whitfield Yates",
    ),
    culture(
        16,
        "Anna Jürgen=juergen Björn=bjoern Katharina Lena Matthias Sören=soeren Ursula Wolfgang Heike Florian Franziska Günther=guenther Annegret Leonie",
        "Müller=mueller Schäfer=schaefer Weiß=weiss Großmann=grossmann Köhler=koehler Vogel Brandstätter=brandstaetter Schmidt Fuchs Baumgärtner=baumgaertner Krüger=krueger Zimmermann Hahn von_Lützow=vonluetzow Meyer-Oldenburg=meyer-oldenburg",
    ),
    culture(
        9,
        "María=maria José=jose Íñigo=inigo Lucía=lucia Andrés=andres Begoña=begona Joaquín=joaquin Ximena Sofía=sofia Martín=martin",
        "García=garcia Núñez=nunez Peña=pena Martínez_Ibáñez=martinez Ordóñez=ordonez Quiñones=quinones Álvarez=alvarez Fernández_de_la_Vega=fernandez Ruiz Castaño=castano",
    ),
    culture(
        7,
        "João=joao Inês=ines Antônio=antonio Conceição=conceicao Luís=luis Beatriz Mônica=monica Tiago Estêvão=estevao Graça=graca",
        "Gonçalves=goncalves Araújo=araujo Simões=simoes Magalhães=magalhaes da_Conceição=conceicao Falcão=falcao Queirós=queiros Brandão=brandao Ferrão=ferrao Assunção=assuncao",
    ),
    culture(
        8,
        "Aurélie=aurelie Benoît=benoit Cécile=cecile Étienne=etienne François=francois Gaëlle=gaelle Hélène=helene Loïc=loic Noëlle=noelle Zoé=zoe",
        "Lefèvre=lefevre Gauthier Béranger=beranger Côté=cote Dufresne L'Écuyer=lecuyer Thévenin=thevenin Saint-Amand=saintamand Crémieux=cremieux d'Aubigné=daubigne",
    ),
    culture(
        5,
        "Agnieszka Łukasz=lukasz Małgorzata=malgorzata Stanisław=stanislaw Żaneta=zaneta Wojciech Kinga Bożena=bozena Grzegorz Zbigniew",
        "Wójcik=wojcik Kowalczyk Szczęsny=szczesny Brzęczyszczykiewicz=brzeczyszczykiewicz Dąbrowska=dabrowska Zieliński=zielinski Jabłońska=jablonska Górski=gorski Żuraw=zuraw Pawłowska=pawlowska",
    ),
    culture(
        5,
        "Åsa=asa Sigurður=sigurdur Bjørn=bjorn Freyja Håkon=hakon Jón=jon Märta=marta Øystein=oystein Þóra=thora Väinö=vaino",
        "Ødegård=odegard Lindström=lindstrom Þorvaldsdóttir=thorvaldsdottir Sørensen=sorensen Hämäläinen=hamalainen Åkesson=akesson Bækkelund=baekkelund Jónsson=jonsson Vähäkangas=vahakangas Skarsgård=skarsgard",
    ),
    culture(
        4,
        "Ayşe=ayse Çağlar=caglar Emre Gülşah=gulsah İbrahim=ibrahim Işıl=isil Oğuzhan=oguzhan Şebnem=sebnem Ümit=umit Zeynep",
        "Yılmaz=yilmaz Öztürk=ozturk Çelik=celik Şahin=sahin Kılıç=kilic Doğan=dogan Güneş=gunes Aydın=aydin Erdoğmuş=erdogmus Türkoğlu=turkoglu",
    ),
    culture(
        7,
        "أحمد=ahmad فاطمة=fatima محمد=mohammad ليلى=layla يوسف=yousef زينب=zainab عمر=omar مريم=maryam خالد=khaled عبد_الرحمن=abdulrahman",
        "الخطيب=khatib حداد=haddad المصري=masri الزعبي=zoubi منصور=mansour العبد_الله=alabdullah قاسم=qasem النابلسي=nabulsi الحسيني=husseini شاهين=shaheen",
    ),
    culture(
        3,
        "נועה=noa איתן=eitan תמר=tamar יונתן=yonatan מיכל=michal אבישי=avishai רחל=rachel דוד=david",
        "כהן=cohen לוי=levi בן־דוד=bendavid פרידמן=friedman שפירא=shapira אזולאי=azoulay ברק=barak רוזנטל=rosenthal",
    ),
    culture(
        4,
        "आरव=aarav दिव्या=divya ईशान=ishaan काव्या=kavya रोहित=rohit मीनाक्षी=meenakshi विक्रम=vikram श्रुति=shruti",
        "शर्मा=sharma पटेल=patel सिंह=singh गुप्ता=gupta मिश्रा=mishra अय्यर=iyer त्रिपाठी=tripathi चौधरी=chaudhary",
    ),
    Culture {
        given: "小明=xiaoming 丽华=lihua 伟=wei 雪梅=xuemei 建国=jianguo 婷婷=tingting 志强=zhiqiang 思远=siyuan",
        family: "王=wang 李=li 张=zhang 欧阳=ouyang 陈=chen 刘=liu 司马=sima 赵=zhao",
        family_first: true,
        share: 4,
    },
    Culture {
        given: "美咲=misaki 健太=kenta 翔=sho さくら=sakura 大輔=daisuke 陽子=yoko 悠斗=yuto 結衣=yui",
        family: "佐藤=sato 鈴木=suzuki 高橋=takahashi 五十嵐=igarashi 渡辺=watanabe 小鳥遊=takanashi 中村=nakamura 斎藤=saito",
        family_first: true,
        share: 3,
    },
    culture(
        3,
        "Олександр=oleksandr Наталія=nataliia Дмитро=dmytro Ірина=iryna Юрій=yurii Світлана=svitlana Богдан=bohdan Соломія=solomiia",
        "Шевченко=shevchenko Ковальчук=kovalchuk Бондаренко=bondarenko Лисенко=lysenko Гончаренко=honcharenko Їжакевич=yizhakevych Мельник=melnyk Щербина=shcherbyna",
    ),
    Culture {
        given: "Minh_Khai=khai Thị_Hương=huong Đức=duc Ngọc_Ánh=anh Quốc_Bảo=bao Phương_Linh=linh",
        family: "Nguyễn=nguyen Trần=tran Phạm=pham Võ=vo Đặng=dang Bùi=bui",
        family_first: true,
        share: 2,
    },
    culture(
        4,
        "Chukwuemeka Adaeze Olúwaṣeun=oluwaseun Wanjirũ=wanjiru Thandiwe Kwabena Ifeoma Babatúndé=babatunde Amina Sipho",
        "Okonkwo Adébáyọ̀=adebayo Mwangi Nkosi Mensah Eze Diallo Ọlátúnjí=olatunji Dlamini Osei-Bonsu=osei-bonsu",
    ),
];
