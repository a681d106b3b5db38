namespace Marketplace.Mirror.Copying;

/// <summary>Memory for the headers of one commit, in pieces that are used again.</summary>
internal sealed class HeaderArena
{
    private const int PieceBytes = 64 * 1024;
    private readonly List<byte[]> _pieces = [];
    private int _piece;
    private int _used;

    public Memory<byte> Take(int size)
    {
        if (size > PieceBytes)
        {
            return new byte[size];
        }

        if (_piece < _pieces.Count && _used + size > PieceBytes)
        {
            (_piece, _used) = (_piece + 1, 0);
        }

        if (_piece == _pieces.Count)
        {
            _pieces.Add(new byte[PieceBytes]);
        }

        return _pieces[_piece].AsMemory(_used, size);
    }

    /// <summary>So much of what was taken last is used.</summary>
    public void Keep(int size) => _used += size <= PieceBytes ? size : 0;

    public void Reset() => (_piece, _used) = (0, 0);
}
