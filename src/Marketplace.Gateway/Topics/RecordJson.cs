using System.Text.Encodings.Web;
using System.Text.Json;

namespace Marketplace.Gateway;

/// <summary>How our own records are written: Cyrillic as itself, not as escapes, for whoever reads the log by eye.</summary>
internal static class RecordJson
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
