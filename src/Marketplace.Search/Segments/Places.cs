namespace Marketplace.Search.Segments;

/// <summary>Where words stand in a product: the field above, the position in the field below.</summary>
internal static class Places
{
    public const int FieldShift = 16;

    public static int FieldOf(int place) => place >> FieldShift;

    public static int PositionOf(int place) => place & ((1 << FieldShift) - 1);

    /// <summary>Adds the places of encoded occurrences, ascending.</summary>
    public static void Decode(ReadOnlySpan<byte> occurrences, List<int> places)
    {
        for (var i = 0; i < occurrences.Length;)
        {
            var head = occurrences[i++];
            var field = (head & ~PostingsWriter.LastFlag) >> PostingsWriter.FieldShift;
            var position = head & PostingsWriter.PositionEscape;
            if (position == PostingsWriter.PositionEscape)
            {
                var shift = 0;
                byte b;
                do
                {
                    b = occurrences[i++];
                    position += (b & 0x7F) << shift;
                    shift += 7;
                }
                while (b >= 0x80);
            }

            places.Add((field << FieldShift) | position);
        }
    }
}
