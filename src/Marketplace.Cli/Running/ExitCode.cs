namespace Marketplace.Cli.Running;

/// <summary>How a command ended; scripts rely on these numbers.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The gateway refused what was sent, or a file cannot be read.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>Nobody answers, or the gateway cannot serve now.</summary>
    public const int Unavailable = 3;

    public const int NotFound = 4;

    /// <summary>The API key is missing, unknown, or not allowed to do this; or a cluster refuses name, password or right.</summary>
    public const int Denied = 5;

    /// <summary>The gateway failed on the request, or what answers is no gateway.</summary>
    public const int Failed = 6;

    /// <summary>Ctrl+C or SIGTERM.</summary>
    public const int Interrupted = 130;

    public static readonly (int Code, string Meaning)[] All =
    [
        (Ok, "сделано"),
        (Refused, "отказано: шлюз не принял данные (или часть их), либо файл не читается"),
        (Usage, "ошибка в командной строке"),
        (Unavailable, "шлюз или кластер не отвечает или пока не готов"),
        (NotFound, "такого нет"),
        (Denied, "нет доступа: ключ API не задан, не известен или не даёт права; либо кластер не принимает имя, пароль или права"),
        (Failed, "сбой шлюза, или по адресу отвечает не шлюз"),
        (Interrupted, "прервано (Ctrl+C)"),
    ];

    /// <summary>For an HTTP status that is not a success.</summary>
    public static int Of(int status) => status switch
    {
        401 or 403 => Denied,
        404 => NotFound,
        429 or 502 or 503 or 504 => Unavailable,
        >= 500 => Failed,
        _ => Refused,
    };
}
