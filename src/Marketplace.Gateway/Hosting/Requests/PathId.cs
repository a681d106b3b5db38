using System.Reflection;
using System.Text;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Products.Validation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Marketplace.Gateway.Hosting.Requests;

/// <summary>
/// An id in a path, percent-decoded once from the request line itself. The server's own path leaves <c>%2F</c> as it is and
/// folds dots, so an id taken from there would not be what the client sent.
/// A parameter of this type of a route handler is bound to the route's segment of the same name.
/// </summary>
/// <param name="Utf8">The id's bytes, valid UTF-8 and not empty.</param>
public sealed record PathId(byte[] Utf8)
{
    private const int DotDotLength = 2;

    public override string ToString() => Encoding.UTF8.GetString(Utf8);

    public static ValueTask<PathId> BindAsync(HttpContext context, ParameterInfo parameter) => new(Of(context, parameter.Name!));

    /// <summary>For what writes, also where nothing can be there to be deleted: the key of a rule is none of a product.</summary>
    /// <exception cref="ProblemException">400: no product can be called so.</exception>
    public void CheckIsProduct()
    {
        if (!ProductId.IsValid(Utf8))
        {
            throw ProblemException.OfField("product_id", ProductId.Rule);
        }
    }

    /// <summary>The id in the segment <c>{name}</c> of the endpoint's route.</summary>
    /// <exception cref="ProblemException">400: not percent-encoded UTF-8, or the path has segments of dots.</exception>
    public static PathId Of(HttpContext context, string name)
    {
        var route = (RouteEndpoint)context.GetEndpoint()!;
        var index = 0;
        while (route.RoutePattern.PathSegments[index].Parts is not [RoutePatternParameterPart part] || part.Name != name)
        {
            index++;
        }

        return Decode(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, index);
    }

    internal static PathId Decode(string rawTarget, int index)
    {
        var path = PathOf(rawTarget);
        byte[]? id = null;
        var at = 0;
        foreach (var range in path.Split('/'))
        {
            // What stands before the first slash is nothing.
            var segment = at == 0 ? [] : Percent(path[range]);
            if (segment.Length <= DotDotLength && segment.Length > 0 && segment.AsSpan().IndexOfAnyExcept((byte)'.') < 0)
            {
                throw new ProblemException(StatusCodes.Status400BadRequest, "An id in a path cannot be '.' or '..'.");
            }

            id = at == index + 1 ? segment : id;
            at++;
        }

        return id is { Length: > 0 } && System.Text.Unicode.Utf8.IsValid(id)
            ? new PathId(id)
            : throw new ProblemException(StatusCodes.Status400BadRequest, "The id in the path is not percent-encoded UTF-8.");
    }

    /// <summary>The path of a request line's target, which may be a whole address.</summary>
    private static ReadOnlySpan<char> PathOf(string rawTarget)
    {
        var target = rawTarget.AsSpan();
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        if (path.StartsWith('/'))
        {
            return path;
        }

        var authority = path.IndexOf("://") + "://".Length;
        var slash = path[authority..].IndexOf('/');
        return slash < 0 ? "/" : path[(authority + slash)..];
    }

    private static byte[] Percent(ReadOnlySpan<char> segment)
    {
        var bytes = new byte[segment.Length];
        var length = 0;
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
            {
                bytes[length++] = segment[i] < 0x80 ? (byte)segment[i] : throw NotEncoded();
            }
            else if (i + 2 < segment.Length && char.IsAsciiHexDigit(segment[i + 1]) && char.IsAsciiHexDigit(segment[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(segment.Slice(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                throw NotEncoded();
            }
        }

        return bytes[..length];
    }

    private static ProblemException NotEncoded() =>
        new(StatusCodes.Status400BadRequest, "The path is not percent-encoded: '%' is followed by two hexadecimal digits, and letters beyond ASCII are encoded.");
}
