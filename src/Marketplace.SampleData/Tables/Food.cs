using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Food
{
    public static readonly Category[] Categories =
    [
        new("Чай", "tea", "TEA", 4, new(320, 0.5), Brands.Food, "Classic|Garden #|Mountain ##|«Утро в горах»|«Таёжный сбор»|«Зимний вечер»",
            [
                Unit("weight", "г", "g", 0.3, 50, 100, 200, 250),
                Text("kind", "чёрный/black|зелёный/green|белый/white|улун/oolong", 0.12),
                Text("origin", "Индия/India|Китай/China|Цейлон/Ceylon|Краснодарский край/Krasnodar"),
                Text("additives", "без добавок/none|бергамот/bergamot|чабрец/thyme|мята/mint"),
                Numeric("shelf_life_months", 0, 18, 24, 36),
            ],
            new("m:листовой чай|m:чай|m:крупнолистовой чай", "ароматный|крепкий|мягкий|бодрящий", "утреннего чаепития|тихого вечера|подарка|большой компании",
                "чай|напитки|продукты", "{Noun} {brand} {model}, {~kind}, {weight}",
                "Родина чая — {origin}.",
                "Добавки: {additives}.",
                "Срок годности — {shelf_life_months#месяц|месяца|месяцев}.",
                "Заваривайте горячей водой три минуты."),
            new("s:leaf tea|s:tea|s:large-leaf tea", "fragrant|strong|mild|brisk", "the morning|quiet evenings|gifts|large companies",
                "tea|drinks|food", "{Noun} {brand} {model}, {kind}, {weight}",
                "It comes from {origin}.",
                "Additives: {additives}.",
                "It keeps for {shelf_life_months#month|months}.",
                "Brew for three minutes in hot water.")),

        new("Кофе", "coffee", "COF", 4, new(620, 0.45), Brands.Food, "Espresso #|Arabica ##|Roast @#|«Бодрое утро»|«Портовый»",
            [
                Unit("weight", "г", "g", 0.5, 100, 250, 500, 1000),
                Text("form", "зёрна/beans|молотый/ground|капсулы/capsules"),
                Text("roast", "светлая/light|средняя/medium|тёмная/dark"),
                Text("origin", "Бразилия/Brazil|Эфиопия/Ethiopia|Колумбия/Colombia|Гватемала/Guatemala", 0.06),
                Numeric("arabica_percent", 0.05, 50, 70, 80, 100),
            ],
            new("m:кофе|m:натуральный кофе|m:свежеобжаренный кофе", "крепкий|ароматный|мягкий|насыщенный", "турки|кофемашины|завтрака|долгой работы",
                "кофе|напитки|продукты", "{Noun} {brand} {model}, {form}, {weight}",
                "Обжарка — {roast}, зерно — {origin}.",
                "Арабики в смеси {arabica_percent} %.",
                "Клапан на пачке сохраняет запах.",
                "Во вкусе слышны шоколад и орех."),
            new("s:coffee|s:natural coffee|s:freshly roasted coffee", "strong|fragrant|mild|rich", "the cezve|coffee machines|breakfast|long work",
                "coffee|drinks|food", "{Noun} {brand} {model}, {form}, {weight}",
                "The roast is {roast}, the bean from {origin}.",
                "The blend has {arabica_percent} % of arabica.",
                "A valve keeps the aroma in.",
                "It tastes of chocolate and nuts.")),

        new("Шоколад", "chocolate", "CHO", 4, new(160, 0.4), Brands.Food, "Dolce #|Cacao ##|Velvet|«Алёнкин сон»|«Горная роза»",
            [
                Unit("weight", "г", "g", 0.4, 45, 90, 100, 200),
                Numeric("cocoa_percent", 0.06, 35, 54, 70, 85),
                Text("kind", "классический/classic|пористый/aerated|слоистый/layered"),
                Text("additives", "без добавок/none|фундук/hazelnut|изюм/raisins|морская соль/sea salt|апельсин/orange", 0.05),
                Text("sugar", "есть/yes|нет/no"),
            ],
            new("m:шоколад|m:плиточный шоколад|f:плитка шоколада", "нежный|ароматный|хрустящий|густой", "подарка|сладкоежек|кофейной паузы|праздничного стола",
                "шоколад|сладости|продукты", "{Noun} {brand} {model}, {~kind}, {weight}",
                "Какао в составе — {cocoa_percent} %.",
                "Добавки: {additives}.",
                "Сорт — {kind}, вес — {weight}.",
                "Храните в сухом прохладном месте."),
            new("s:chocolate|s:chocolate bar", "tender|fragrant|crunchy|rich", "gifts|sweet teeth|coffee breaks|the festive table",
                "chocolate|sweets|food", "{Noun} {brand} {model}, {kind}, {weight}",
                "It has {cocoa_percent} % of cocoa.",
                "Additives: {additives}.",
                "The kind is {kind}; the weight, {weight}.",
                "Keep it in a dry, cool place.")),
    ];
}
