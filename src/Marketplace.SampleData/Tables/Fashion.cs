using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Fashion
{
    private const string Colors = "чёрный/black|белый/white|серый/grey|тёмно-синий/navy|бордовый/burgundy|бежевый/beige|зелёный/green|голубой/light blue|хаки/khaki";
    private const string Sizes = "XS|S|M|L|XL|XXL";

    public static readonly Category[] Categories =
    [
        new("Футболки", "t-shirts", "TSH", 7, new(1_300, 0.5), Brands.Fashion, "Basic ##|Line @#|City #|«Полдень»|«Прибой»",
            [
                Text("color", Colors),
                Text("size", Sizes),
                Text("fabric", "хлопок/cotton|хлопок с эластаном/cotton with elastane|лён/linen", 0.15),
                Text("fit", "прямой/straight|свободный/loose|приталенный/slim"),
                Numeric("density_g_m2", 0.03, 150, 180, 220),
            ],
            new("f:футболка|f:мужская футболка|f:женская футболка|n:поло", "мягкий|плотный|лёгкий|базовый", "города|отдыха|спорта|жаркого лета",
                "футболки|одежда|лето", "{Noun} {brand} {model}, {~color}, размер {size}",
                "Ткань — {fabric}, {density_g_m2} г/м².",
                "Крой — {fit}, размер — {size}.",
                "После стирки {=не теряет|не теряет|не теряет|не теряют} форму.",
                "Воротник прошит двойной строчкой."),
            new("s:t-shirt|s:men's t-shirt|s:women's t-shirt|s:polo shirt", "soft|dense|light|basic", "the city|leisure|sport|hot summers",
                "t-shirts|clothing|summer", "{Noun} {brand} {model}, {color}, size {size}",
                "The fabric is {fabric}, {density_g_m2} g/m².",
                "The fit is {fit}, the size {size}.",
                "It keeps its shape in the wash.",
                "The collar is double-stitched.")),

        new("Куртки", "jackets", "JKT", 5, new(6_900, 0.5), Brands.Fashion, "Storm #?|Trail @#|Urban ##|«Иней»|«Перевал»",
            [
                Text("color", Colors),
                Text("size", Sizes),
                Text("season", "демисезон/mid-season|зима/winter|лето/summer"),
                Text("filling", "без утеплителя/none|синтепон/synthetic|пух/down", 0.3),
                Numeric("pockets", 0.02, 2, 4, 6),
                Numeric("waterproof_mm", 0.06, 3000, 5000, 10000),
            ],
            new("f:куртка|f:мужская куртка|f:женская куртка|m:пуховик|f:ветровка", "тёплый|лёгкий|непромокаемый|удобный|прочный", "холодной осени|прогулок за городом|города|дождливой погоды",
                "куртки|верхняя одежда|одежда", "{Noun} {brand} {model}, {~color}, размер {size}",
                "Сезон — {season}, наполнитель — {filling}.",
                "Водостойкость ткани — {waterproof_mm} мм.",
                "Есть {pockets#карман|кармана|карманов} на молнии.",
                "Капюшон отстёгивается."),
            new("s:jacket|s:men's jacket|s:women's jacket|s:windbreaker", "warm|light|waterproof|comfortable|tough", "cold autumns|country walks|the city|rainy weather",
                "jackets|outerwear|clothing", "{Noun} {brand} {model}, {color}, size {size}",
                "Season: {season}; filling: {filling}.",
                "The cloth holds back {waterproof_mm} mm of water.",
                "There are {pockets#zipped pocket|zipped pockets}.",
                "The hood comes off.")),

        new("Платья", "dresses", "DRS", 5, new(3_700, 0.5), Brands.Fashion, "Muse #|Silk ##|Grace @#|«Вечерний бульвар»|«Ромашка»",
            [
                Text("color", "чёрный/black|красный/red|изумрудный/emerald|голубой/light blue|бежевый/beige|лиловый/lilac"),
                Text("size", "42|44|46|48|50|52"),
                Text("length", "мини/mini|миди/midi|макси/maxi"),
                Text("fabric", "вискоза/viscose|хлопок/cotton|шёлк/silk|трикотаж/jersey", 0.1),
                Text("sleeve", "длинный/long|короткий/short|без рукавов/sleeveless"),
            ],
            new("n:платье|n:летнее платье|n:вечернее платье|n:платье-рубашка", "лёгкий|элегантный|удобный|нежный", "праздника|офиса|летних прогулок|свидания",
                "платья|женская одежда|одежда", "{Noun} {brand} {model}, {~color}, размер {size}",
                "Длина — {length}, ткань — {fabric}.",
                "Рукав: {sleeve}.",
                "Пояс подчёркивает талию.",
                "Ткань почти не мнётся."),
            new("s:dress|s:summer dress|s:evening dress|s:shirt dress", "light|elegant|comfortable|delicate", "parties|the office|summer walks|a date",
                "dresses|women's clothing|clothing", "{Noun} {brand} {model}, {color}, size {size}",
                "The length is {length}, the fabric {fabric}.",
                "Sleeve: {sleeve}.",
                "A belt marks the waist.",
                "The cloth hardly creases.")),

        new("Кроссовки", "sneakers", "SNK", 7, new(5_400, 0.5), Brands.Fashion, "Run #?|Street ##|Fly @#?|Trek #0",
            [
                Text("color", Colors),
                Numeric("size", 0, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45),
                Text("upper", "сетка/mesh|кожа/leather|замша/suede|текстиль/textile", 0.12),
                Numeric("weight_g", 0, 210, 250, 290, 340),
                Text("sole", "резина/rubber|пеноматериал/foam"),
            ],
            new("p:кроссовки|p:беговые кроссовки|p:кеды", "лёгкий|удобный|прочный|мягкий", "бега|города|зала|долгих прогулок",
                "кроссовки|обувь|спорт", "{Noun} {brand} {model}, {~color}, размер {size}",
                "Верх — {upper}, подошва — {sole}.",
                "Один кроссовок весит {weight_g} г.",
                "Стелька вынимается и быстро сохнет.",
                "Пятка надёжно зафиксирована."),
            new("p:sneakers|p:running shoes|p:trainers", "light|comfortable|tough|soft", "running|the city|the gym|long walks",
                "sneakers|shoes|sport", "{Noun} {brand} {model}, {color}, size {size}",
                "The upper is {upper}, the sole {sole}.",
                "One shoe weighs {weight_g} g.",
                "The insole comes out and dries quickly.",
                "The heel is held firmly.")),

        new("Рюкзаки", "backpacks", "BPK", 4, new(3_200, 0.5), Brands.Fashion, "Pack ##|Nomad #?|Day @#|«Странник»",
            [
                Numeric("volume_l", 0.1, 12, 18, 25, 35, 50),
                Text("color", Colors),
                Unit("laptop", "дюйм|дюйма|дюймов", "inch", 0.02, 13.3m, 15.4m, 17.3m),
                Text("material", "нейлон/nylon|полиэстер/polyester|канвас/canvas", 0.04),
                Numeric("pockets", 0.02, 3, 5, 8),
            ],
            new("m:рюкзак|m:городской рюкзак|m:туристический рюкзак|m:школьный рюкзак", "прочный|лёгкий|вместительный|непромокаемый", "ноутбука и документов|походов|школы|ручной клади",
                "рюкзаки|сумки|аксессуары", "{Noun} {brand} {model}, {volume_l} л, {~color}",
                "Объём — {volume_l} л, внутри {pockets#карман|кармана|карманов}.",
                "Отделение вмещает ноутбук до {laptop}.",
                "Спинка из сетки пропускает воздух.",
                "Материал — {material}, он не боится дождя."),
            new("s:backpack|s:city backpack|s:hiking backpack|s:school backpack", "tough|light|roomy|waterproof", "laptop and papers|hiking|school|hand luggage",
                "backpacks|bags|accessories", "{Noun} {brand} {model}, {volume_l} L, {color}",
                "It holds {volume_l} L and has {pockets#pocket|pockets}.",
                "A sleeve takes a {laptop} laptop.",
                "The mesh back lets air through.",
                "It is made of {material} and sheds rain.")),
    ];
}
