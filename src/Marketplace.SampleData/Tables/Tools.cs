using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Tools
{
    public static readonly Category[] Categories =
    [
        new("Шуруповёрты", "screwdrivers", "SCR", 4, new(4_200, 0.45), Brands.Tools, "DR-##|Drill ##?|Force @#0|ДА-##/#",
            [
                Unit("voltage", "В", "V", 0.15, 10.8m, 12, 14.4m, 18, 21),
                Numeric("torque_nm", 0.08, 24, 32, 45, 60),
                Numeric("batteries", 0.15, 1, 2),
                Numeric("speeds", 0.03, 1, 2),
                Text("case", "есть/yes|нет/no"),
            ],
            new("m:шуруповёрт|m:аккумуляторный шуруповёрт|f:дрель-шуруповёрт|f:аккумуляторная дрель", "мощный|лёгкий|надёжный|удобный", "сборки мебели|ремонта|мастерской|дачи",
                "инструменты|ремонт|дрели", "{Noun} {brand} {model}, {voltage}",
                "Напряжение — {voltage}, крутящий момент — {torque_nm} Н·м.",
                "В комплекте {batteries#аккумулятор|аккумулятора|аккумуляторов}.",
                "Подсветка освещает место работы.",
                "Рукоятка не скользит в руке."),
            new("s:cordless screwdriver|s:drill driver|s:cordless drill", "powerful|light|reliable|handy", "furniture assembly|repairs|the workshop|the country house",
                "tools|repair|drills", "{Noun} {brand} {model}, {voltage}",
                "{voltage} and a torque of {torque_nm} N·m.",
                "It comes with {batteries#battery|batteries}.",
                "A lamp lights the work.",
                "The grip does not slip.")),

        new("Видеорегистраторы", "dash-cams", "DVR", 3, new(5_200, 0.5), Brands.Tools, "Road #?|Eye ##|Drive @#0",
            [
                Text("resolution", "Full HD|2K|4K", 0.3),
                Numeric("angle_deg", 0.03, 120, 140, 170),
                Numeric("cameras", 0.25, 1, 2),
                Text("gps", "нет/no|есть/yes", 0.15),
                Unit("max_card", "ГБ", "GB", 0.02, 64, 128, 256),
            ],
            new("m:видеорегистратор|m:автомобильный видеорегистратор|m:видеорегистратор-зеркало", "компактный|чёткий|незаметный|надёжный", "города и трассы|такси|ночных поездок|парковки",
                "видеорегистраторы|авто|электроника", "{Noun} {brand} {model} {resolution}",
                "Угол обзора — {angle_deg}°, запись — {resolution}.",
                "Поддерживаются карты памяти до {max_card}.",
                "Камер в комплекте — {cameras}.",
                "При ударе запись защищается от удаления."),
            new("s:dash cam|s:car video recorder|s:mirror dash cam", "compact|sharp|discreet|reliable", "city and highway|taxis|night driving|parking",
                "dash cams|car|electronics", "{Noun} {brand} {model} {resolution}",
                "It sees {angle_deg}° and records in {resolution}.",
                "Memory cards of up to {max_card} are supported.",
                "It films with {cameras#camera|cameras}.",
                "A record of an impact is protected from deletion.")),

        new("Моторные масла", "motor-oils", "OIL", 3, new(1_500, 0.35), Brands.Tools, "Ultra @#|Synt ##|Motor Pro",
            [
                Text("viscosity", "5W-30|5W-40|0W-20|10W-40"),
                Unit("volume", "л", "L", 0.8, 1, 4, 5),
                Text("base", "полусинтетика/semi-synthetic|синтетика/synthetic", 0.3),
                Text("engine", "бензин/petrol|дизель/diesel|бензин и дизель/petrol and diesel"),
                Text("season", "всесезонное/all-season"),
            ],
            new("n:моторное масло|n:синтетическое масло|n:масло для двигателя", "стойкий|чистый|текучий|надёжный", "холодного пуска|городских пробок|дальних поездок|нового двигателя",
                "масла|авто|обслуживание", "{Noun} {brand} {model} {viscosity}, {volume}",
                "Вязкость — {viscosity}, основа — {base}.",
                "Тип двигателя: {engine}.",
                "Масло — {season}, замена без промывки.",
                "Присадки защищают детали от износа."),
            new("s:motor oil|s:engine oil", "lasting|clean|fluid|reliable", "cold starts|city traffic|long journeys|new engines",
                "oils|car|service", "{Noun} {brand} {model} {viscosity}, {volume}",
                "The viscosity is {viscosity}, the base {base}.",
                "Engine: {engine}.",
                "It is {season} and needs no flushing.",
                "Additives protect the parts from wear.")),
    ];
}
