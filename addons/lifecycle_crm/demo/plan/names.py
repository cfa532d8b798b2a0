"""Fictional names by language.  ``native|latin`` where the script is another one."""

FIRST = {
    "en": "Amelia Oliver Isla Henry Grace Owen Ruby Caleb Hazel Miles Nora Felix Ivy "
    "Theo Clara Jasper Maeve Silas Wren Hugo",
    "de": "Annika Lukas Greta Moritz Frieda Jannik Lotte Henrik Wiebke Tilman Merle "
    "Ansgar Svenja Kilian",
    "fr": "Camille Bastien Élodie Mathis Solène Rémi Capucine Loïc Maëlle Antonin "
    "Océane Gaspard",
    "es": "Lucía Álvaro Inés Sergio Noelia Rubén Marta Gonzalo Carmen Iván",
    "it": "Giulia Matteo Chiara Davide Ilaria Nicolò Elisa Tommaso Serena Fabio",
    "nl": "Sanne Daan Femke Joris Lotte Thijs Marit Ruben Anouk Koen",
    "fa": "نگار|Negar آرش|Arash شیرین|Shirin کیان|Kian مهسا|Mahsa بابک|Babak "
    "لیلا|Leila پویا|Pouya سارا|Sara امید|Omid نازنین|Nazanin رامین|Ramin",
    "zh": "明华|Minghua 静怡|Jingyi 志强|Zhiqiang 晓梅|Xiaomei 建国|Jianguo "
    "雨欣|Yuxin 浩然|Haoran 思涵|Sihan 丽君|Lijun 子轩|Zixuan",
}

LAST = {
    "en": "Ashdown Bramley Calloway Dunmore Everly Fairbank Garrick Hollis Ingram "
    "Kingsley Lockhart Merriden Norwell Oakes Pemberly Quillan Redfern Stanmore "
    "Thornby Whitlock",
    "de": "Altmann Brandeck Dornfeld Eichstett Falkner Grünwald Hohenau Kestner "
    "Lindhorst Mohrbach Rautental Seewald Tannert Wiesinger",
    "fr": "Aubrac Beaulieu Chastel Delorme Fontanel Garance Lavigne Montclar "
    "Peyrolles Rivoire Sauveterre Valmont",
    "es": "Aranda Belmonte Cifuentes Olmedo Robledo Sandoval Valverde Zamora "
    "Montalvo Pradera",
    "it": "Albinoni Bellandi Castagnola Fontanesi Morandi Olivieri Ravelli "
    "Santoro Valsecchi Zanetti",
    "nl": "Akkerman Brouwer Duinmeijer Groenland Hofstra Kuipers Meerdink "
    "Roosdaal Terpstra Zandvoort",
    "fa": "کریمی|Karimi رستگار|Rastegar فرهمند|Farahmand بهرامی|Bahrami "
    "نیک‌نژاد|Niknejad سهرابی|Sohrabi یزدانی|Yazdani مهرآور|Mehravar "
    "شایگان|Shayegan پارسا|Parsa",
    "zh": "陈|Chen 林|Lin 王|Wang 赵|Zhao 黄|Huang 周|Zhou 吴|Wu 徐|Xu 孙|Sun 何|He",
}

# The middle of a company's name.
WORDS = {
    "en": "Copper_Kettle Amber_Lane Harbour_Light Willow_Bridge Blue_Heron Stone_Mill "
    "Old_Orchard Silver_Birch Foxglove Lantern_Yard Red_Barn Juniper_Street "
    "Paper_Crane North_Quay Golden_Hour Three_Oaks Little_Wren Salt_and_Pine "
    "Morning_Tide Clover_Field Brass_Bell Maple_Corner River_House Windmill",
    "de": "Lindenhof Morgenstern Seeblick Mühlental Rosengarten Turmfalke Birkenau "
    "Steinbrück Waldkauz Sonnenuhr Elbufer Kastanie",
    "fr": "des_Halles du_Canal Belle_Rive du_Tilleul des_Lilas du_Vieux_Puits "
    "de_la_Gare des_Alouettes du_Moulin",
    "es": "del_Puerto La_Alameda Los_Olivos del_Faro El_Mirador La_Ermita",
    "it": "del_Borgo La_Fontana San_Vito del_Molo Le_Querce La_Torre",
    "nl": "De_Vuurtoren Het_Zeepaard De_Molen Oude_Gracht De_Linde Het_Anker",
    "fa": "بهار|Bahar نسیم|Nasim آفتاب|Aftab سپیده|Sepideh باران|Baran مهتاب|Mahtab "
    "ارغوان|Arghavan سرو|Sarv",
    "zh": "明月|Mingyue 清风|Qingfeng 云溪|Yunxi 松林|Songlin 春晓|Chunxiao "
    "竹里|Zhuli 山海|Shanhai 南桥|Nanqiao",
}

# How a company of a kind is called; %s is the middle.
COMPANY = {
    "en": {
        "cafe": "%s_Café %s_Coffee_Bar %s_Espresso",
        "restaurant": "%s_Bistro %s_Kitchen",
        "hotel": "%s_Hotel %s_Inn",
        "office": "%s_Architects %s_Studio %s_Software %s_Legal",
        "shop": "%s_Deli %s_Provisions %s_Grocers",
    },
    "de": {
        "cafe": "Café_%s Kaffeehaus_%s",
        "restaurant": "Gasthaus_%s",
        "hotel": "Hotel_%s Pension_%s",
        "office": "Kanzlei_%s %s_Architekten",
        "shop": "Feinkost_%s %s_Markt",
    },
    "fr": {
        "cafe": "Café_%s",
        "restaurant": "Bistrot_%s",
        "hotel": "Hôtel_%s",
        "office": "Atelier_%s",
        "shop": "Épicerie_%s",
    },
    "es": {
        "cafe": "Cafetería_%s",
        "restaurant": "Mesón_%s",
        "hotel": "Hostal_%s",
        "office": "Estudio_%s",
        "shop": "Ultramarinos_%s",
    },
    "it": {
        "cafe": "Caffè_%s",
        "restaurant": "Trattoria_%s",
        "hotel": "Albergo_%s",
        "office": "Studio_%s",
        "shop": "Drogheria_%s",
    },
    "nl": {
        "cafe": "Koffiehuis_%s",
        "restaurant": "Eetcafé_%s",
        "hotel": "Hotel_%s",
        "office": "Bureau_%s",
        "shop": "Delicatessen_%s",
    },
    "fa": {
        "cafe": "کافه_%s|Cafe_%s",
        "restaurant": "رستوران_%s|Restaurant_%s",
        "hotel": "هتل_%s|Hotel_%s",
        "office": "استودیو_%s|Studio_%s",
        "shop": "خانه_چای_%s|Teahouse_%s",
    },
    "zh": {
        "cafe": "%s咖啡馆|%s_Cafe",
        "restaurant": "%s餐厅|%s_Restaurant",
        "hotel": "%s酒店|%s_Hotel",
        "office": "%s设计|%s_Design",
        "shop": "%s茶行|%s_Tea",
    },
}

STREETS = {
    "en": "Orchard_Street Harbour_Road Mill_Lane Station_Road Cedar_Avenue Church_Hill "
    "Market_Square Elm_Court",
    "de": "Gartenstraße Bahnhofstraße Am_Markt Lindenallee Schillerstraße Hafenweg",
    "fr": "rue_des_Lilas avenue_de_la_Gare place_du_Marché rue_du_Moulin",
    "es": "calle_Mayor paseo_del_Río calle_de_la_Luna",
    "it": "via_Roma via_del_Mercato piazza_San_Marco",
    "nl": "Dorpsstraat Kerkweg Havenkade",
}

# city|zip|language|country, and how many of the customers live there.
PLACES = {
    1: {
        "Portland|97205|en|US": 12,
        "San Francisco|94110|en|US": 10,
        "Seattle|98101|en|US": 8,
        "Denver|80202|en|US": 6,
        "Chicago|60607|en|US": 6,
        "Austin|78702|en|US": 6,
        "Toronto|M5V 2T6|en|CA": 6,
        "Los Angeles|90024|fa|US": 6,
        "Toronto|M2N 5W9|fa|CA": 3,
        "Vancouver|V6A 1P6|zh|CA": 4,
        "San Francisco|94108|zh|US": 5,
        "Singapore|059413|zh|SG": 3,
        "London|E1 6QL|en|GB": 7,
        "Edinburgh|EH1 1QS|en|GB": 3,
        "Berlin|10115|de|DE": 5,
        "Hamburg|20457|fa|DE": 3,
        "Wien|1010|de|AT": 2,
        "Paris|75011|fr|FR": 4,
        "Montréal|H2X 1Y4|fr|CA": 3,
        "Madrid|28004|es|ES": 2,
        "Milano|20121|it|IT": 2,
        "Amsterdam|1012 AB|nl|NL": 3,
    },
    2: {
        "Hamburg|20457|de|DE": 6,
        "Berlin|10115|de|DE": 6,
        "München|80331|de|DE": 4,
        "Rotterdam|3011 AA|nl|NL": 4,
        "Lyon|69002|fr|FR": 4,
        "Barcelona|08001|es|ES": 3,
        "Torino|10121|it|IT": 3,
        "Hamburg|20099|fa|DE": 3,
        "Rotterdam|3012 CC|zh|NL": 2,
        "London|E1 6QL|en|GB": 2,
    },
}

# Numbers that the countries keep for films; elsewhere none is given.
PHONES = {
    "Portland": "+1 503-555-01%02d",
    "San Francisco": "+1 415-555-01%02d",
    "Seattle": "+1 206-555-01%02d",
    "Denver": "+1 303-555-01%02d",
    "Chicago": "+1 312-555-01%02d",
    "Austin": "+1 512-555-01%02d",
    "Los Angeles": "+1 213-555-01%02d",
    "Toronto": "+1 416-555-01%02d",
    "Vancouver": "+1 604-555-01%02d",
    "Montréal": "+1 514-555-01%02d",
    "London": "+44 20 7946 01%02d",
    "Edinburgh": "+44 131 496 01%02d",
    "Berlin": "+49 30 23125 1%02d",
    "Hamburg": "+49 40 66969 1%02d",
    "Paris": "+33 1 99 00 10 %02d",
    "Lyon": "+33 4 65 71 10 %02d",
}

ROLES = {
    "cafe": ("Owner", "Head Barista"),
    "restaurant": ("Owner", "Head Chef"),
    "hotel": ("Purchasing", "Food and Beverage Manager"),
    "office": ("Office Manager", "Assistant"),
    "shop": ("Owner", "Buyer"),
}
