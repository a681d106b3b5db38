namespace Marketplace.SampleData.Generation;

/// <summary>Fills a pattern of model names (see <see cref="Wording.Category"/>).</summary>
internal static class ModelName
{
    private const string Letters = "ABCDEFGHKLMNPRSTVXZ";

    private static readonly string[] Suffixes = ["", "", "", "", " Pro", " Max", " Lite", " SE", " Plus"];

    public static void Write(CharBuffer to, string pattern, ref Dice dice)
    {
        to.Clear();
        var inNumber = false;
        foreach (var c in pattern)
        {
            switch (c)
            {
                case '#': to.Append((char)(inNumber ? '0' + dice.Below(10) : '1' + dice.Below(9))); break;
                case '@': to.Append(Letters[dice.Below(Letters.Length)]); break;
                case '?': to.Append(dice.Pick(Suffixes)); break;
                default: to.Append(c); break;
            }

            inNumber = c == '#';
        }
    }
}
