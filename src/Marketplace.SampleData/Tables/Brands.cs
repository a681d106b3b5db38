namespace Marketplace.SampleData.Tables;

/// <summary>Invented brands by family, the most popular first.</summary>
internal static class Brands
{
    public static readonly string[] Gadgets =
        ["Вега", "Zentara", "Орвекс", "Lumicom", "Квантис", "Helior", "Сигнум", "Arctora", "Pixelon", "Мирта", "Nordika Tech", "Таврида Мобайл"];

    public static readonly string[] Computers =
        ["Вектрон", "Kernlab", "Stravio", "Цифрон", "Omnigrid", "Техрада", "Nodara", "Байтис"];

    public static readonly string[] Appliances =
        ["Белозор", "Warmhaus", "Домус", "Klarwind", "Кухмаш", "Aerovia", "Тёплый Дом", "Brenholt", "Волжанка"];

    public static readonly string[] Home =
        ["Уют-Мастер", "Norrgard", "Лесная Изба", "Sundvik", "Casa Linea", "Плетень", "Lumehaus", "Гжелочка"];

    public static readonly string[] Fashion =
        ["Северин", "Velmont", "Ладомира", "Tundra Wear", "Marlowe & Finch", "Красный Клён", "Ostrov Studio", "Ткацкий Двор", "Bjorka", "Ветер Странствий"];

    public static readonly string[] Beauty =
        ["Росинка", "Florenne", "Травница", "Derma Nord", "Лунный Сад", "Belcanta", "Aqualis"];

    public static readonly string[] Kids =
        ["Мишутка и Ко", "Kubiko", "Игралия", "Совёнок", "Pandorino", "Tiny Harbor"];

    public static readonly string[] Sport =
        ["Кедр-Спорт", "Vertikal", "Байкал Актив", "Steelpath", "Velotrek", "Атлетика Про", "Ridgeline"];

    public static readonly string[] Food =
        ["Чайный Тракт", "Monte Grano", "Сладомир", "Пасека Бортника", "Alpenkraft", "Зерно и Жар", "Honeyfield"];

    public static readonly string[] Tools =
        ["Молот-М", "Torquen", "Ижтех", "Drivora", "Магистраль", "Autonord", "Сверлов"];

    public static readonly string[] Pets =
        ["Мурлыка", "Barkley Farm", "Хвостовик", "PetAlma"];

    public static readonly string[] Paper =
        ["Северная Книга", "Lantern Press", "Дом Слова", "Paper Fox", "Бумажный Кит"];

    public static IEnumerable<string> All =>
        [.. Gadgets, .. Computers, .. Appliances, .. Home, .. Fashion, .. Beauty, .. Kids, .. Sport, .. Food, .. Tools, .. Pets, .. Paper];
}
