using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Sport
{
    public static readonly Category[] Categories =
    [
        new("Велосипеды", "bicycles", "BIC", 3, new(24_000, 0.5), Brands.Sport, "Trail ##?|Cross @#|Urban #0|Peak #?",
            [
                Unit("wheel", "дюйм|дюйма|дюймов", "inch", 0.06, 20, 24, 26, 27.5m, 29),
                Numeric("gears", 0.05, 1, 7, 18, 21, 24),
                Text("color", "чёрный/black|красный/red|синий/blue|зелёный/green|оранжевый/orange"),
                Text("frame", "сталь/steel|алюминий/aluminium|карбон/carbon", 0.35),
                Numeric("weight_kg", 0, 15.2m, 13.8m, 12.4m, 10.5m).Following("frame"),
                Text("brakes", "ободные/rim|дисковые/disc", 0.12),
            ],
            new("m:велосипед|m:горный велосипед|m:городской велосипед|m:складной велосипед", "лёгкий|прочный|манёвренный|надёжный", "леса и гор|города|дальних поездок|подростка",
                "велосипеды|спорт|отдых", "{Noun} {brand} {model}, {wheel}, {~color}",
                "Рама — {frame}, вес — {weight_kg} кг.",
                "Переключение: {gears#скорость|скорости|скоростей}.",
                "Тормоза — {brakes}.",
                "Седло и руль легко подогнать по росту."),
            new("s:bicycle|s:mountain bike|s:city bike|s:folding bike", "light|tough|nimble|reliable", "forest and hills|the city|long rides|teenagers",
                "bicycles|sport|leisure", "{Noun} {brand} {model}, {wheel}, {color}",
                "The frame is {frame}, the weight {weight_kg} kg.",
                "{gears#gear|gears} and {brakes} brakes.",
                "Saddle and handlebar adjust in a minute.",
                "The tyres grip on wet ground.")),

        new("Палатки", "tents", "TNT", 3, new(6_500, 0.55), Brands.Sport, "Camp #?|Base ##|Summit @#|«Привал»|«Таёжница»",
            [
                Numeric("persons", 0.3, 1, 2, 3, 4, 6),
                Text("color", "зелёный/green|оранжевый/orange|серый/grey|синий/blue"),
                Numeric("weight_kg", 0, 1.8m, 2.6m, 3.4m, 5.1m).Following("persons"),
                Numeric("waterproof_mm", 0.06, 2000, 3000, 5000),
                Text("season", "лето/summer|три сезона/three seasons|зима/winter", 0.15),
            ],
            new("f:палатка|f:туристическая палатка|f:кемпинговая палатка", "лёгкий|прочный|просторный|непромокаемый", "похода|рыбалки|семейного отдыха|горных маршрутов",
                "палатки|туризм|отдых", "{Noun} {brand} {model}, {persons}-местная, {~color}",
                "Спальных мест — {persons}.",
                "Тент выдерживает {waterproof_mm} мм водяного столба.",
                "Вес — {weight_kg} кг, сезон — {season}.",
                "Один человек ставит палатку за десять минут."),
            new("s:tent|s:hiking tent|s:camping tent", "light|sturdy|spacious|waterproof", "hiking|fishing|family holidays|mountain routes",
                "tents|hiking|outdoors", "{Noun} {brand} {model} for {persons#person|persons}, {color}",
                "There is room for {persons#person|persons}.",
                "The fly holds back {waterproof_mm} mm of water.",
                "Weight: {weight_kg} kg; season: {season}.",
                "One person puts it up in ten minutes.")),

        new("Коврики для йоги", "yoga-mats", "MAT", 3, new(1_400, 0.5), Brands.Sport, "Asana ##|Flow #|Balance @#|«Лотос»",
            [
                Text("color", "фиолетовый/violet|зелёный/green|серый/grey|розовый/pink|синий/blue"),
                Numeric("thickness_mm", 0.1, 3, 4, 6, 8, 10),
                Unit("length", "см", "cm", 0.02, 173, 183, 200),
                Text("material", "ПВХ/PVC|каучук/rubber|пробка/cork|TPE", 0.2),
                Text("strap", "есть/yes|нет/no"),
            ],
            new("m:коврик для йоги|m:гимнастический коврик|m:коврик для фитнеса", "мягкий|нескользящий|лёгкий|упругий", "йоги и растяжки|домашних тренировок|зала|медитации",
                "йога|фитнес|спорт", "{Noun} {brand} {model}, {thickness_mm} мм, {~color}",
                "Толщина — {thickness_mm} мм, длина — {length}.",
                "Материал — {material}, он не пахнет и не скользит.",
                "Коврик сворачивается в плотный рулон.",
                "Протирайте его влажной тканью."),
            new("s:yoga mat|s:gym mat|s:fitness mat", "soft|non-slip|light|springy", "yoga and stretching|training at home|the gym|meditation",
                "yoga|fitness|sport", "{Noun} {brand} {model}, {thickness_mm} mm, {color}",
                "It is {thickness_mm} mm thick and {length} long.",
                "Made of {material}: no smell, no slip.",
                "It rolls up tight.",
                "Wipe it with a damp cloth.")),
    ];
}
