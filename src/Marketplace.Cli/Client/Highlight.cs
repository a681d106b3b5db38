using System.Net;
using System.Text;
using Marketplace.Cli.Output;

namespace Marketplace.Cli.Client;

/// <summary>The gateway's highlights (HTML with <c>&lt;em&gt;</c>) as markup of the terminal.</summary>
internal static class Highlight
{
    private const string Open = "<em>";
    private const string Close = "</em>";

    public static string Markup(string html)
    {
        var markup = new StringBuilder();
        var isOpen = false;
        for (var rest = html; rest.Length > 0;)
        {
            var tag = isOpen ? Close : Open;
            var end = rest.IndexOf(tag, StringComparison.Ordinal);
            var text = Words.Markup(WebUtility.HtmlDecode(end < 0 ? rest : rest[..end]));
            markup.Append(isOpen && text.Length > 0 ? $"[bold yellow]{text}[/]" : text);
            rest = end < 0 ? "" : rest[(end + tag.Length)..];
            isOpen = !isOpen;
        }

        return markup.ToString();
    }
}
