namespace Marketplace.Cli.Gateway;

/// <summary>Paths of the gateway. Whatever is put into one is percent-encoded, so that an id stays one segment.</summary>
internal static class Route
{
    public static string Of(FormattableString path) => string.Format(
        System.Globalization.CultureInfo.InvariantCulture,
        path.Format,
        [.. path.GetArguments().Select(argument => (object)Uri.EscapeDataString((string)argument!))]);

    /// <summary>Adds the parameters that have a value.</summary>
    public static string With(this string path, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                var text = value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;
                path += $"{separator}{name}={Uri.EscapeDataString(text)}";
                separator = '&';
            }
        }

        return path;
    }
}
