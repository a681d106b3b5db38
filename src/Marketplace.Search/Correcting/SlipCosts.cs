namespace Marketplace.Search.Correcting;

/// <summary>What single slips cost: neighbours on the keyboard and letters that sound alike are mistaken more often than others.</summary>
internal static class SlipCosts
{
    public const float Swapped = 0.6f;

    private const float Other = 1;
    private const float Confused = 0.4f;
    private const float Neighbour = 0.6f;
    private const float Vowels = 0.8f;
    private const float Doubled = 0.5f;
    private const float Sign = 0.4f;

    /// <summary>Pairs that are written for each other: unstressed vowels, voiced and voiceless, soft and hard, and their like in English.</summary>
    private const string Confusions =
        "оа еи ея иы йи шщ щч жш зс дт бп гк вф эе её ую ыь ьъ цс хг " +
        "ck sz iy ei ea ao ou kq vw gj fv dt bp td mn";

    private static readonly string[] Rows = ["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

    private static readonly float[,] Substitutions = Build();

    /// <summary>The cost of one letter in the place of another.</summary>
    public static float Wrong(char a, char b)
    {
        var (x, y) = (IndexOf(a), IndexOf(b));
        return x < 0 || y < 0 ? Other : Substitutions[x, y];
    }

    /// <summary>The cost of leaving this letter out, or of typing it where it should not be.</summary>
    public static float Missing(ReadOnlySpan<char> word, int at)
    {
        var c = word[at];
        if (c is 'ь' or 'ъ')
        {
            return Sign;
        }

        return (at > 0 && word[at - 1] == c) || (at + 1 < word.Length && word[at + 1] == c) ? Doubled : Other;
    }

    private static float[,] Build()
    {
        const int letters = 64;
        var costs = new float[letters, letters];
        foreach (ref var cost in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref costs[0, 0], costs.Length))
        {
            cost = Other;
        }

        foreach (var vowels in (string[])["аеиоуыэюя", "aeiouy"])
        {
            foreach (var a in vowels)
            {
                foreach (var b in vowels)
                {
                    Set(a, b, Vowels);
                }
            }
        }

        for (var row = 0; row < Rows.Length; row++)
        {
            for (var i = 0; i < Rows[row].Length; i++)
            {
                // The keys to the right, and below to the left and right, of the same keyboard.
                SetNeighbour(row, i, row, i + 1);
                if (row % 3 < 2)
                {
                    SetNeighbour(row, i, row + 1, i);
                    SetNeighbour(row, i, row + 1, i - 1);
                }
            }
        }

        foreach (var pair in Confusions.Split(' '))
        {
            Set(pair[0], pair[1], Confused);
        }

        return costs;

        void SetNeighbour(int row, int i, int otherRow, int other)
        {
            if (other >= 0 && other < Rows[otherRow].Length)
            {
                Set(Rows[row][i], Rows[otherRow][other], Neighbour);
            }
        }

        void Set(char a, char b, float cost)
        {
            if (IndexOf(a) >= 0 && IndexOf(b) >= 0)
            {
                costs[IndexOf(a), IndexOf(b)] = costs[IndexOf(b), IndexOf(a)] = cost;
            }
        }
    }

    private static int IndexOf(char c) => c switch
    {
        >= 'а' and <= 'я' => c - 'а',
        >= 'a' and <= 'z' => 32 + c - 'a',
        _ => -1,
    };
}
