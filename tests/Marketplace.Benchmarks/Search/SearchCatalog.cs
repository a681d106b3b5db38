using System.Buffers;
using Marketplace.Benchmarks.Run;
using Marketplace.Search.Quality;
using Marketplace.Search.Quality.KnownItems;

namespace Marketplace.Benchmarks.Search;

/// <summary>The generated products that search is measured on.</summary>
internal static class SearchCatalog
{
    private const int PieceBytes = 1024 * 1024;

    public static GeneratedCatalog? TryRead(Workbench bench)
    {
        if (PublicData.Find("snowball", "russian-voc.txt") is { } russian && PublicData.Find("snowball", "english-voc.txt") is { } english)
        {
            return GeneratedCatalog.Read(russian, english, seed: 1);
        }

        bench.Report.Note($"skipped: {PublicData.Variable} names no folder with snowball/");
        return null;
    }

    /// <summary>Whole lines in pieces of about 1 MB, made as they are asked for.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Lines(GeneratedCatalog catalog, int count)
    {
        var buffer = new ArrayBufferWriter<byte>(2 * PieceBytes);
        for (var index = 0; index < count;)
        {
            buffer.ResetWrittenCount();
            for (; index < count && buffer.WrittenCount < PieceBytes; index++)
            {
                catalog.Write(buffer, index);
                buffer.Write("\n"u8);
            }

            yield return buffer.WrittenSpan.ToArray();
        }
    }
}
