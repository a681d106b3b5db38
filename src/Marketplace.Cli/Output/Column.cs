namespace Marketplace.Cli.Output;

/// <summary>A column of a table; where the window is narrow, only text is wrapped.</summary>
internal readonly record struct Column(string Name, ColumnKind Kind = ColumnKind.Text)
{
    public static implicit operator Column(string name) => new(name);

    /// <summary>Values that stay on one line, such as a brand.</summary>
    public static Column Short(string name) => new(name, ColumnKind.Short);

    /// <summary>Ids: whole on one line as long as they are of a usual length, so that they can be copied.</summary>
    public static Column Id(IEnumerable<string?> ids) => new("product_id", ids.All(id => id is null or { Length: <= 32 }) ? ColumnKind.Short : ColumnKind.Text);

    public static Column Number(string name) => new(name, ColumnKind.Number);
}

internal enum ColumnKind
{
    Text,
    Short,
    Number,
}
