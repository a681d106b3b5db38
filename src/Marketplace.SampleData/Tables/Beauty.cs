using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Beauty
{
    public static readonly Category[] Categories =
    [
        new("Кремы для лица", "face-creams", "CRM", 5, new(690, 0.6), Brands.Beauty, "Aqua Balance|Night Repair #|Vita C ##|«Утренняя роса»|«Берёзовый сок»",
            [
                Unit("volume", "мл", "ml", 0.2, 30, 50, 75, 100),
                Text("skin", "сухая/dry|жирная/oily|нормальная/normal|чувствительная/sensitive"),
                Text("active", "гиалуроновая кислота/hyaluronic acid|ниацинамид/niacinamide|витамин C/vitamin C|ретинол/retinol", 0.1),
                Numeric("spf", 0.04, 0, 15, 30, 50),
                Text("time", "день/day|ночь/night|день и ночь/day and night"),
            ],
            new("m:крем для лица|m:увлажняющий крем|m:питательный крем|f:сыворотка для лица", "лёгкий|нежный|питательный|шелковистый", "ежедневного ухода|сияния кожи|защиты от ветра|вечернего ритуала",
                "уход|косметика|крем|лицо", "{Noun} {brand} {model}, {volume}",
                "Активный компонент — {active}.",
                "Тип кожи: {skin}.",
                "Защита от солнца — SPF {spf}.",
                "Быстро впитывается и не оставляет блеска.",
                "Время применения: {time}."),
            new("s:face cream|s:moisturising cream|s:nourishing cream|s:face serum", "light|gentle|nourishing|silky", "daily care|glowing skin|wind protection|the evening",
                "skin care|cosmetics|cream|face", "{Noun} {brand} {model}, {volume}",
                "The active ingredient is {active}.",
                "For skin that is {skin}.",
                "Sun protection: SPF {spf}.",
                "It sinks in quickly and leaves no shine.")),

        new("Шампуни", "shampoos", "SHP", 5, new(430, 0.5), Brands.Beauty, "Fresh ##|Volume #|Pure Care|«Крапива и шалфей»|«Лесные травы»",
            [
                Unit("volume", "мл", "ml", 0.2, 250, 400, 500, 750),
                Text("hair", "сухие/dry|жирные/oily|окрашенные/coloured|тонкие/fine|любые/any"),
                Text("effect", "объём/volume|блеск/shine|питание/nourishment|против перхоти/anti-dandruff"),
                Text("sulfates", "нет/no|есть/yes"),
                Text("scent", "мята/mint|лаванда/lavender|цитрус/citrus|без запаха/none"),
            ],
            new("m:шампунь|m:восстанавливающий шампунь|m:бальзам для волос", "мягкий|нежный|свежий|густой", "ежедневного применения|всей семьи|ослабленных волос|дороги",
                "шампуни|волосы|уход", "{Noun} {brand} {model}, {volume}",
                "Тип волос: {hair}.",
                "Главный эффект — {effect}.",
                "Аромат: {scent}.",
                "Флакон с дозатором удобно держать мокрыми руками."),
            new("s:shampoo|s:repair shampoo|s:hair balm", "mild|gentle|fresh|rich", "every day|the whole family|weakened hair|travel",
                "shampoos|hair|care", "{Noun} {brand} {model}, {volume}",
                "Hair type: {hair}.",
                "The main effect is {effect}.",
                "Scent: {scent}.",
                "The bottle is easy to hold with wet hands.")),

        new("Туалетная вода", "eau-de-toilette", "EDT", 4, new(2_900, 0.6), Brands.Beauty, "Noir ##|Soleil #|Rive|Ambre|«Белые ночи»|«Старый порт»",
            [
                Unit("volume", "мл", "ml", 0.35, 30, 50, 75, 100),
                Text("notes", "цитрус и кедр/citrus and cedar|ваниль и амбра/vanilla and amber|роза и пион/rose and peony|море и соль/sea and salt|табак и кожа/tobacco and leather"),
                Text("audience", "женский/women|мужской/men|унисекс/unisex"),
                Numeric("lasting_hours", 0.04, 4, 6, 8, 12),
                Text("country", "Россия/Russia|Франция/France|Италия/Italy"),
            ],
            new("f:туалетная вода|f:парфюмерная вода|m:парфюм", "свежий|тёплый|нежный|глубокий", "вечера|каждого дня|подарка|летнего отпуска",
                "парфюмерия|ароматы|подарки", "{Noun} {brand} {model}, {volume}",
                "Ноты: {notes}.",
                "Аромат держится {lasting_hours#час|часа|часов}.",
                "Аромат — {audience}.",
                "Страна производства: {country}."),
            new("s:eau de toilette|s:eau de parfum|s:fragrance", "fresh|warm|tender|deep", "the evening|every day|gifts|summer holidays",
                "perfume|fragrances|gifts", "{Noun} {brand} {model}, {volume}",
                "Notes of {notes}.",
                "It lasts {lasting_hours#hour|hours}.",
                "Made for: {audience}.",
                "Country of origin: {country}.")),
    ];
}
