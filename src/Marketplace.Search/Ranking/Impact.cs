namespace Marketplace.Search.Ranking;

/// <summary>A word's weighted frequency in a product, on a logarithmic scale of 16 steps an octave, in one byte.</summary>
internal static class Impact
{
    private const int Steps = 16;
    private const int Bias = 128;

    public static readonly float[] Frequencies = [.. Enumerable.Range(0, 256).Select(code => MathF.Pow(2, (code - Bias) / (float)Steps))];

    public static byte Encode(float frequency) =>
        frequency <= 0 ? (byte)0 : (byte)Math.Clamp((int)MathF.Round(MathF.Log2(frequency) * Steps) + Bias, 0, byte.MaxValue);
}
