using System.Globalization;

namespace Marketplace.SampleData.Generation;

/// <summary>Text under construction, reused from product to product.</summary>
internal sealed class CharBuffer
{
    private char[] _chars = new char[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Written => _chars.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public CharBuffer Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
        return this;
    }

    public CharBuffer Append(char c) => Append(new ReadOnlySpan<char>(in c));

    public CharBuffer Append(long number, string format = "D")
    {
        const int longest = 20;
        number.TryFormat(Reserve(longest), out var written, format, CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    private Span<char> Reserve(int count)
    {
        if (_chars.Length - Length < count)
        {
            Array.Resize(ref _chars, Math.Max(_chars.Length * 2, Length + count));
        }

        return _chars.AsSpan(Length, count);
    }
}
