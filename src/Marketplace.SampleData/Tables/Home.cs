using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Home
{
    public static readonly Category[] Categories =
    [
        new("Сковороды", "pans", "PAN", 4, new(1_900, 0.45), Brands.Home, "Granit ##|Chef #|Terra @#|«Хозяюшка»|«Каменка»",
            [
                Unit("diameter", "см", "cm", 0.1, 20, 24, 26, 28, 30),
                Text("coating", "антипригарное/non-stick|керамическое/ceramic|без покрытия/none"),
                Text("material", "алюминий/aluminium|чугун/cast iron|сталь/steel", 0.2),
                Text("induction", "да/yes|нет/no"),
                Text("handle", "съёмная/removable|литая/cast"),
            ],
            new("f:сковорода|f:глубокая сковорода|f:сковорода-гриль|m:сотейник", "прочный|лёгкий|толстостенный|удобный", "блинов и омлета|мяса и овощей|ежедневной готовки|томления под крышкой",
                "посуда|кухня|готовка", "{Noun} {brand} {model}, {diameter}",
                "Диаметр — {diameter}, материал — {material}.",
                "Покрытие: {coating}.",
                "Ручка — {handle}, она не нагревается.",
                "Толстое дно прогревается равномерно."),
            new("s:frying pan|s:deep pan|s:grill pan", "sturdy|light|thick-walled|handy", "pancakes and omelettes|meat and vegetables|everyday cooking|slow stewing",
                "cookware|kitchen|cooking", "{Noun} {brand} {model}, {diameter}",
                "It is {diameter} across and made of {material}.",
                "Coating: {coating}.",
                "The {handle} handle stays cool.",
                "A thick base heats evenly.")),

        new("Постельное бельё", "bedding", "BED", 5, new(3_300, 0.5), Brands.Home, "Dream ##|Nordic #|Bloom #|«Зимний сад»|«Лён и ветер»|«Тихий час»",
            [
                Text("size", "1,5-спальный/single|2-спальный/double|евро/king|семейный/family", 0.15),
                Text("fabric", "бязь/calico|сатин/sateen|перкаль/percale|лён/linen", 0.25),
                Text("color", "белый/white|серый/grey|бежевый/beige|голубой/light blue|терракотовый/terracotta"),
                Numeric("density_g_m2", 0.02, 110, 120, 135, 150),
                Numeric("pieces", 0.05, 3, 4, 5),
            ],
            new("n:постельное бельё|m:комплект постельного белья", "мягкий|плотный|нежный|гладкий", "спальни|гостевой комнаты|подарка|тёплых ночей",
                "постельное бельё|текстиль|спальня|дом", "{Noun} {brand} {model}, {size}, {fabric}",
                "Ткань — {fabric} плотностью {density_g_m2} г/м².",
                "В наборе {pieces#предмет|предмета|предметов}.",
                "Цвет — {color}, он не тускнеет после стирки.",
                "Молнии и пуговицы спрятаны под планкой."),
            new("s:bedding set|s:bed linen set", "soft|dense|gentle|smooth", "bedrooms|guest rooms|gifts|warm nights",
                "bedding|textiles|bedroom|home", "{Noun} {brand} {model}, {size}, {fabric}",
                "The fabric is {fabric} of {density_g_m2} g/m².",
                "There are {pieces#piece|pieces} in the set.",
                "The colour is {color} and does not fade in the wash.",
                "Zips and buttons are hidden under a placket.")),

        new("Настольные лампы", "desk-lamps", "LMP", 4, new(2_100, 0.5), Brands.Home, "Lumo ##|Ray @#|Halo #",
            [
                Text("color", "белый/white|чёрный/black|зелёный/green|бронзовый/bronze|красный/red"),
                Numeric("power_w", 0.04, 5, 7, 9, 12),
                Text("light", "тёплый/warm|нейтральный/neutral|регулируемый/adjustable", 0.15),
                Numeric("height_cm", 0.02, 32, 38, 45, 52),
                Text("dimmer", "есть/yes|нет/no"),
            ],
            new("f:настольная лампа|m:светильник|f:лампа на прищепке", "яркий|гибкий|лаконичный|устойчивый", "чтения|рабочего стола|детской|прикроватной тумбы",
                "лампы|освещение|дом", "{Noun} {brand} {model}, {~color}",
                "Свет — {light}, мощность — {power_w} Вт.",
                "Высота {height_cm} см, плафон поворачивается.",
                "Лампа не мерцает и не утомляет глаза.",
                "Провода хватает до дальней розетки."),
            new("s:desk lamp|s:table lamp|s:clip lamp", "bright|flexible|minimal|steady", "reading|the desk|a child's room|the bedside",
                "lamps|lighting|home", "{Noun} {brand} {model}, {color}",
                "The light is {light}; the power, {power_w} W.",
                "It stands {height_cm} cm tall and the shade turns.",
                "No flicker, no tired eyes.",
                "The cord reaches a far socket.")),

        new("Офисные кресла", "office-chairs", "CHR", 3, new(9_800, 0.5), Brands.Home, "Ergo #?|Seat @#|Boss ##",
            [
                Text("color", "чёрный/black|серый/grey|коричневый/brown|синий/blue|бежевый/beige"),
                Text("upholstery", "ткань/fabric|сетка/mesh|экокожа/faux leather|кожа/leather", 0.2),
                Numeric("max_load_kg", 0.06, 100, 120, 150, 180),
                Text("armrests", "регулируемые/adjustable|жёсткие/fixed"),
                Text("headrest", "есть/yes|нет/no"),
            ],
            new("n:офисное кресло|n:компьютерное кресло|n:кресло руководителя", "удобный|прочный|мягкий|лёгкий", "долгой работы|домашнего кабинета|переговорной|учёбы",
                "кресла|мебель|офис", "{Noun} {brand} {model}, {~color}",
                "Обивка — {upholstery}, подлокотники — {armrests}.",
                "{=Выдерживает|Выдерживает|Выдерживает|Выдерживают} до {max_load_kg} кг.",
                "Спинка поддерживает поясницу.",
                "Собрать можно за четверть часа."),
            new("s:office chair|s:computer chair|s:executive chair", "comfortable|sturdy|soft|light", "long work|the home office|meeting rooms|study",
                "chairs|furniture|office", "{Noun} {brand} {model}, {color}",
                "Upholstered in {upholstery}, with {armrests} armrests.",
                "It carries up to {max_load_kg} kg.",
                "The back supports the spine.",
                "Assembly takes a quarter of an hour.")),
    ];
}
