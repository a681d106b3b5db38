using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Pets
{
    public static readonly Category[] Categories =
    [
        new("Корм для животных", "pet-food", "PET", 5, new(480, 0.4), Brands.Pets, "Natural ##|Vital #|Grain Free|«Сытая лапа»|«Деревенский»",
            [
                Unit("weight", "кг", "kg", 0.7, 0.4m, 1.5m, 3, 10),
                Text("taste", "курица/chicken|лосось/salmon|говядина/beef|индейка/turkey|ягнёнок/lamb"),
                Text("age", "для молодых/junior|для взрослых/adult|для пожилых/senior"),
                Numeric("protein_percent", 0.03, 24, 28, 32, 36),
                Text("grain", "есть/yes|нет/no"),
            ],
            new("m:сухой корм для кошек|m:сухой корм для собак|m:влажный корм для кошек", "полезный|сытный|вкусный|сбалансированный", "ежедневного кормления|чувствительного пищеварения|блестящей шерсти|активных питомцев",
                "корм|питомцы|зоотовары", "{Noun} {brand} {model}, {taste}, {weight}",
                "Вкус — {taste}, белка — {protein_percent} %.",
                "Возраст: {age}.",
                "Витамины и таурин входят в состав.",
                "Пакет закрывается на застёжку."),
            new("s:dry cat food|s:dry dog food|s:wet cat food", "wholesome|filling|tasty|balanced", "daily feeding|sensitive digestion|shiny coats|active pets",
                "pet food|pets|supplies", "{Noun} {brand} {model}, {taste}, {weight}",
                "The taste is {taste}; protein, {protein_percent} %.",
                "Age: {age}.",
                "Vitamins and taurine are in the recipe.",
                "The bag has a zip.")),

        new("Лежанки", "pet-beds", "PBD", 2, new(1_700, 0.5), Brands.Pets, "Cosy ##|Nest #|Cloud @#|«Тёплый угол»",
            [
                Text("size", "S|M|L|XL", 0.25),
                Text("color", "серый/grey|бежевый/beige|коричневый/brown|синий/blue"),
                Text("fabric", "плюш/plush|велюр/velour|флис/fleece|рогожка/canvas", 0.06),
                Text("cover", "съёмный/removable|несъёмный/fixed"),
                Numeric("max_weight_kg", 0.05, 5, 10, 20, 40),
            ],
            new("f:лежанка|f:лежанка для кошек|f:лежанка для собак|m:домик для питомца", "мягкий|тёплый|уютный|прочный", "кошек|небольших собак|крупных пород|прихожей",
                "лежанки|питомцы|зоотовары", "{Noun} {brand} {model}, {~color}, размер {size}",
                "Ткань — {fabric}, чехол — {cover}.",
                "Вес питомца — до {max_weight_kg} кг.",
                "Дно не скользит по полу.",
                "Борта держат форму."),
            new("s:pet bed|s:cat bed|s:dog bed|s:pet house", "soft|warm|cosy|tough", "cats|small dogs|large breeds|the hallway",
                "pet beds|pets|supplies", "{Noun} {brand} {model}, {color}, size {size}",
                "The fabric is {fabric}, the cover {cover}.",
                "For pets of up to {max_weight_kg} kg.",
                "The base does not slide.",
                "The rims keep their shape.")),
    ];
}
