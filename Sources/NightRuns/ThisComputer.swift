import Glibc

/// What schedules and reports need to know of this computer.
package enum ThisComputer {
    /// Its name (gethostname(2)).
    package static var name: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// How far its local time is before UTC at a moment, in seconds: TZ, else /etc/localtime (tzset(3)).
    package static func offset(at secondsSince1970: Int64) -> Int64 {
        var seconds = time_t(secondsSince1970)
        var time = tm()
        localtime_r(&seconds, &time)
        return Int64(time.tm_gmtoff)
    }

    /// Does something by the computer's own zone, /etc/localtime, whatever TZ says: cron and systemd know nothing of a
    /// user's TZ. To be called while nobody else asks for local time.
    package static func inOwnZone<Value>(_ body: () -> Value) -> Value {
        let zone = getenv("TZ").map { String(cString: $0) }
        setenv("TZ", ":/etc/localtime", 1)
        tzset()
        defer {
            if let zone { setenv("TZ", zone, 1) } else { unsetenv("TZ") }
            tzset()
        }
        return body()
    }
}
