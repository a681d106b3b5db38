using Marketplace.Snapshots;
namespace Marketplace.Search.Snapshots;

/// <summary>Many short texts in a snapshot: their lengths, and their characters one behind another.</summary>
internal sealed record TextBlock(ushort[] Lengths, char[] Characters)
{
    /// <summary>Texts of a block; a table is written block by block, so that it takes little memory besides.</summary>
    public const int MaxTexts = 1 << 16;

    public static void Write(SnapshotWriter output, Terms.TermDictionary terms, int count)
    {
        for (var first = 0; first < count; first += MaxTexts)
        {
            var lengths = new ushort[Math.Min(MaxTexts, count - first)];
            var characters = new List<char>(lengths.Length * 16);
            for (var i = 0; i < lengths.Length; i++)
            {
                var text = terms.Text(first + i);
                lengths[i] = (ushort)text.Length;
                characters.AddRange(text);
            }

            output.WriteArray<ushort>(lengths);
            output.WriteArray<char>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(characters));
        }
    }

    public static List<TextBlock> Read(SnapshotReader input, int count)
    {
        var blocks = new List<TextBlock>();
        for (var read = 0; read < count; read += blocks[^1].Lengths.Length)
        {
            blocks.Add(new TextBlock(input.ReadArray<ushort>(), input.ReadArray<char>()));
            if (blocks[^1].Lengths.Length == 0)
            {
                throw new InvalidDataException("The snapshot holds fewer words than it says.");
            }
        }

        return blocks;
    }
}
