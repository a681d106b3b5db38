using System.Buffers;
using System.Globalization;
using System.Text;
using Marketplace.Benchmarks.Load;
using Marketplace.SampleData;

namespace Marketplace.Benchmarks.Products;

/// <summary>Products of the sample catalogue, 1 KB each on average, by their index; each index has an id of its own.</summary>
internal sealed class ProductFeed
{
    public const int ProductBytes = 1024;
    private const int PieceBytes = 1024 * 1024;

    private readonly SampleCatalog _catalog = new(new SampleOptions { TargetBytes = ProductBytes });
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * PieceBytes);

    /// <summary>The key of the product's record: its id.</summary>
    public static byte[] Key(int index) => Encoding.UTF8.GetBytes(SampleCatalog.ProductId(index).ToString(CultureInfo.InvariantCulture));

    public byte[] Product(int index)
    {
        _buffer.ResetWrittenCount();
        _catalog.Write(_buffer, index);
        return _buffer.WrittenSpan.ToArray();
    }

    public IEnumerable<byte[]> Range(int first, int count) => Enumerable.Range(first, count).Select(Product);

    /// <summary>The first products, each with its record's key.</summary>
    public (byte[] Key, byte[] Value)[] Keyed(int count) => [.. Enumerable.Range(1, count).Select(index => (Key(index), Product(index)))];

    /// <summary>Requests of one product each.</summary>
    public PreparedRequest[] Singles(int first, int count) =>
        [.. Range(first, count).Select(product => new PreparedRequest(HttpRequests.WithBody("POST", HttpRequests.Products, product), 1, product.Length + 1))];

    /// <summary>Requests of an array each; <paramref name="count"/> is a multiple of <paramref name="size"/>.</summary>
    public PreparedRequest[] Arrays(int first, int count, int size) => [.. Range(first, count).Chunk(size).Select(Array)];

    /// <summary>The products as lines, in pieces of whole lines of about 1 MB, made as they are asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines(int first, int count)
    {
        for (var index = first; index < first + count;)
        {
            _buffer.ResetWrittenCount();
            for (; index < first + count && _buffer.WrittenCount < PieceBytes; index++)
            {
                _catalog.Write(_buffer, index);
                _buffer.Write("\n"u8);
            }

            yield return _buffer.WrittenSpan.ToArray();
        }
    }

    private static PreparedRequest Array(byte[][] products)
    {
        var body = new ArrayBufferWriter<byte>(products.Sum(p => p.Length + 1) + 1);
        var separator = (byte)'[';
        foreach (var product in products)
        {
            body.Write([separator]);
            body.Write(product);
            separator = (byte)',';
        }

        body.Write("]"u8);
        return new PreparedRequest(HttpRequests.WithBody("POST", HttpRequests.Products, body.WrittenSpan), products.Length, products.Sum(p => p.Length + 1L));
    }
}
