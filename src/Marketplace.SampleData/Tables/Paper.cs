using Marketplace.SampleData.Wording;
using static Marketplace.SampleData.Wording.Spec;

namespace Marketplace.SampleData.Tables;

internal static class Paper
{
    private const string Titles =
        "«Тени старого причала»|«Письма с Белого моря»|«Последний трамвай»|«Дом на семи ветрах»|«Хроники зимнего города»|«Сад за стеной»|«Пепел и янтарь»|" +
        "The Harbour Lamp|Letters from the North|A Garden of Iron|The Seventh Bridge|Winter Chronicles|The Amber Clock";

    public static readonly Category[] Categories =
    [
        new("Художественные книги", "fiction", "BOK", 6, new(520, 0.4), Brands.Paper, Titles,
            [
                Text("genre", "детектив/detective|фантастика/science fiction|исторический роман/historical novel|приключения/adventure|современная проза/modern prose"),
                Text("cover", "мягкая/paperback|твёрдая/hardcover", 0.3),
                Numeric("pages", 0.08, 192, 256, 320, 416, 608),
                Numeric("year", 0.01, 2021, 2022, 2023, 2024, 2025),
                Text("age", "6+|12+|16+|18+"),
            ],
            new("f:книга|m:роман|f:повесть", "увлекательный|глубокий|тёплый|неожиданный", "долгих вечеров|дороги|подарка|неспешного чтения",
                "книги|чтение|литература", "{Noun} {model}, издательство {brand}",
                "Жанр — {genre}, обложка — {cover}.",
                "В книге {pages#страница|страницы|страниц}.",
                "Год издания — {year}.",
                "Возраст: {age}.",
                "Шрифт крупный, бумага не просвечивает."),
            new("s:book|s:novel|s:story", "engaging|deep|warm|surprising", "long evenings|the road|gifts|slow reading",
                "books|reading|fiction", "{Noun} {model}, published by {brand}",
                "The genre is {genre}; the binding, {cover}.",
                "It has {pages#page|pages}.",
                "Published in {year}.",
                "The type is large and the paper does not show through.")),

        new("Блокноты", "notebooks", "NBK", 4, new(290, 0.5), Brands.Paper, "Plan ##|Note @#|Sketch #|«Мысли вслух»|«План и дело»",
            [
                Text("format", "A6|A5|A4", 0.25),
                Numeric("sheets", 0.12, 40, 80, 96, 120),
                Text("color", "чёрный/black|красный/red|зелёный/green|синий/blue|жёлтый/yellow"),
                Text("ruling", "клетка/squared|линейка/lined|точка/dotted|нет/plain"),
                Text("cover", "картон/card|экокожа/faux leather|ткань/cloth", 0.3),
            ],
            new("m:блокнот|f:записная книжка|m:ежедневник", "плотный|удобный|стильный|прочный", "заметок|рисования|планов|учёбы",
                "блокноты|канцелярия|офис", "{Noun} {brand} {model}, {format}, {~color}",
                "Внутри {sheets#лист|листа|листов}, линовка: {ruling}.",
                "Формат — {format}, обложка — {cover}.",
                "Чернила не проступают на обороте.",
                "Закладка и резинка не дают странице потеряться."),
            new("s:notebook|s:pocket book|s:diary", "thick|handy|stylish|sturdy", "notes|sketching|plans|study",
                "notebooks|stationery|office", "{Noun} {brand} {model}, {format}, {color}",
                "Inside are {sheets#sheet|sheets}, {ruling}.",
                "The format is {format}; the cover, {cover}.",
                "Ink does not bleed through.",
                "A ribbon and an elastic keep the page.")),
    ];
}
