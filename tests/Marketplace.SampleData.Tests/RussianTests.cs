using Marketplace.SampleData.Wording;

namespace Marketplace.SampleData.Tests;

public class RussianTests
{
    [Theory]
    [InlineData("прочный", "прочная", "прочное", "прочные")]
    [InlineData("лёгкий", "лёгкая", "лёгкое", "лёгкие")]
    [InlineData("тихий", "тихая", "тихое", "тихие")]
    [InlineData("свежий", "свежая", "свежее", "свежие")]
    [InlineData("синий", "синяя", "синее", "синие")]
    [InlineData("тёмно-синий", "тёмно-синяя", "тёмно-синее", "тёмно-синие")]
    [InlineData("большой", "большая", "большое", "большие")]
    [InlineData("голубой", "голубая", "голубое", "голубые")]
    [InlineData("хаки", "хаки", "хаки", "хаки")]
    [InlineData("M", "M", "M", "M")]
    public void Adjectives_agree(string masculine, string feminine, string neuter, string plural) =>
        Russian.Agree(masculine).ShouldBe([masculine, feminine, neuter, plural]);

    [Theory]
    [InlineData(1, "день")]
    [InlineData(2, "дня")]
    [InlineData(4, "дня")]
    [InlineData(5, "дней")]
    [InlineData(11, "дней")]
    [InlineData(12, "дней")]
    [InlineData(14, "дней")]
    [InlineData(21, "день")]
    [InlineData(22, "дня")]
    [InlineData(100, "дней")]
    [InlineData(111, "дней")]
    [InlineData(1001, "день")]
    public void Nouns_go_with_numbers(long number, string word) =>
        new[] { "день", "дня", "дней" }[Russian.CountForm(number)].ShouldBe(word);

    [Theory]
    [InlineData("32", "32 дюйма")]
    [InlineData("55", "55 дюймов")]
    [InlineData("27.5", "27,5 дюйма")]
    public void Units_go_with_numbers(string number, string text) =>
        Spec.Unit("d", "дюйм|дюйма|дюймов", "inch", 0, decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture))
            .Value(0, Language.Russian).ShouldBe(text);

    [Theory]
    [InlineData("{=он|она}")]
    [InlineData("{battery#день|дней}")]
    [InlineData("{unknown}")]
    public void A_broken_template_is_refused(string template) =>
        Should.Throw<FormatException>(() => Phrase.Parse(template, [Spec.Numeric("battery", 0, 5)], Language.Russian));
}
