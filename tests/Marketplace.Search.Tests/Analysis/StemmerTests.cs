using Marketplace.Search.Analysis;

namespace Marketplace.Search.Tests.Analysis;

public sealed class StemmerTests
{
    [Theory]
    [InlineData("russian", (int)Script.Cyrillic, 49_785)]
    [InlineData("english", (int)Script.Latin, 42_649)]
    public void Equals_the_published_vocabulary(string language, int script, int expectedWords)
    {
        var words = File.ReadAllLines(TestData.PathOf("snowball", $"{language}-voc.txt"));
        var stems = File.ReadAllLines(TestData.PathOf("snowball", $"{language}-output.txt"));
        var buffer = new char[256];
        var wrong = words.Zip(stems)
            .Select(pair => (pair.First, pair.Second, Ours: buffer.AsSpan(0, Stemmer.Stem(pair.First, (Script)script, buffer)).ToString()))
            .Where(x => x.Ours != x.Second)
            .Select(x => $"{x.First}: {x.Ours}, not {x.Second}")
            .ToList();

        words.Length.ShouldBe(expectedWords);
        wrong.ShouldBeEmpty($"{wrong.Count} of {words.Length}: {string.Join("; ", wrong.Take(20))}");
    }
}
