using System.Text.Json;

namespace Marketplace.Products.Validation;

/// <summary>How it is said that a text is not JSON.</summary>
public static class JsonFault
{
    /// <summary>With the place, counted from 1 as editors do.</summary>
    public static string Of(JsonException exception) => $"is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})";
}
