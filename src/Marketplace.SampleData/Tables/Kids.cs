using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Kids
{
    private const string Ages = "0+|3+|5+|6+|8+|12+";

    public static readonly Category[] Categories =
    [
        new("Конструкторы", "construction-sets", "LCK", 5, new(1_500, 0.5), Brands.Kids, "City ##|Space #0|Robot @#|Castle #|«Старый город»|«Полярная станция»",
            [
                Numeric("parts", 0.3, 48, 120, 250, 480, 900),
                Text("age", Ages),
                Text("material", "пластик/plastic|дерево/wood|металл/metal", 0.1),
                Text("theme", "город/city|космос/space|транспорт/transport|замок/castle"),
                Text("motor", "нет/no|есть/yes", 0.3),
            ],
            new("m:конструктор|m:деревянный конструктор|m:набор-конструктор", "яркий|безопасный|увлекательный|прочный", "детей и родителей|развития моторики|долгих вечеров|будущих инженеров",
                "конструкторы|игрушки|детям", "{Noun} {brand} {model}, {parts#деталь|детали|деталей}",
                "В наборе {parts#деталь|детали|деталей}.",
                "Тема — {theme}, материал — {material}.",
                "Возраст: {age}.",
                "Инструкция понятна без слов."),
            new("s:construction set|s:building set", "bright|safe|engaging|sturdy", "children and parents|motor skills|long evenings|future engineers",
                "construction sets|toys|kids", "{Noun} {brand} {model}, {parts#part|parts}",
                "There are {parts#part|parts} in the box.",
                "The theme is {theme}; the material, {material}.",
                "Age: {age}.",
                "The instructions need no words.")),

        new("Мягкие игрушки", "soft-toys", "TOY", 4, new(950, 0.5), Brands.Kids, "Teddy ##|Bunny #|Fluffy|«Топтыжка»|«Снежок»|«Тимоша»",
            [
                Unit("height", "см", "cm", 0.25, 20, 30, 45, 60, 100),
                Text("color", "белый/white|коричневый/brown|серый/grey|розовый/pink|голубой/light blue"),
                Text("filling", "холлофайбер/hollow fibre|синтепух/synthetic down"),
                Text("age", "0+|1+|3+"),
                Text("washing", "ручная/by hand|машинная/by machine"),
            ],
            new("m:плюшевый медведь|m:плюшевый зайка|f:мягкая игрушка|f:плюшевая собака", "мягкий|милый|пушистый|забавный", "малышей|сладкого сна|подарка|коллекции",
                "мягкие игрушки|игрушки|подарки", "{Noun} {brand} {model}, {height}, {~color}",
                "Рост — {height}, наполнитель — {filling}.",
                "Стирка — {washing}.",
                "Возраст: {age}.",
                "Швы прочные, мелких деталей нет."),
            new("s:plush bear|s:plush bunny|s:soft toy|s:plush dog", "soft|sweet|fluffy|funny", "toddlers|sweet dreams|gifts|collections",
                "soft toys|toys|gifts", "{Noun} {brand} {model}, {height}, {color}",
                "It is {height} tall and filled with {filling}.",
                "Wash it {washing}.",
                "Age: {age}.",
                "Firm seams, no small parts.")),

        new("Настольные игры", "board-games", "GAM", 4, new(1_600, 0.5), Brands.Kids, "Islands #|Kingdom|Star Trade|«Купцы и гильдии»|«Тайна маяка»|«Северный путь»",
            [
                Numeric("players", 0.03, 2, 4, 5, 6, 8),
                Text("age", "5+|8+|10+|12+|16+"),
                Numeric("minutes", 0.05, 15, 30, 45, 60, 120),
                Numeric("cards", 0.04, 54, 80, 110, 200),
                Text("language", "русский/Russian"),
            ],
            new("f:настольная игра|f:карточная игра|f:семейная игра", "весёлый|простой|глубокий|быстрый", "семейного вечера|большой компании|вечеринки|поездки",
                "настольные игры|игры|досуг", "{Noun} {brand} {model}",
                "Партия длится около {minutes} минут.",
                "В коробке {cards#карта|карты|карт}.",
                "Наибольшее число игроков — {players}.",
                "Правила объясняются за пять минут."),
            new("s:board game|s:card game|s:family game", "merry|simple|deep|quick", "family evenings|large companies|parties|journeys",
                "board games|games|leisure", "{Noun} {brand} {model}",
                "A round takes about {minutes#minute|minutes}.",
                "There are {cards#card|cards} in the box.",
                "Up to {players#player|players} can join.",
                "The rules take five minutes to explain.")),
    ];
}
