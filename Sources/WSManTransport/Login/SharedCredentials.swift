import Files
import GSSWorker
import Synchronization
import WinRMAuth

/// What proves users to any server, one for all connections that log in as the same user with the same password: a KDC is
/// asked once.
final class SharedCredentials: Sendable {
    private struct Known {
        let plan: AuthenticationPlan
        let cache: String?
        let credential: GSSCredential
    }

    private let known = Mutex<[Known]>([])

    func credential(for plan: AuthenticationPlan, cache: String?) -> GSSCredential {
        known.withLock { known in
            if let one = known.first(where: { $0.cache == cache && Self.isSame($0.plan, plan) }) {
                return one.credential
            }
            let credential = GSSCredential(plan, cache: cache)
            known.append(Known(plan: plan, cache: cache, credential: credential))
            return credential
        }
    }

    private static func isSame(_ one: AuthenticationPlan, _ other: AuthenticationPlan) -> Bool {
        guard one.scheme == other.scheme, one.mechanisms == other.mechanisms,
            one.credential?.user == other.credential?.user
        else { return false }
        guard let password = one.credential?.password, let another = other.credential?.password else { return true }
        var (left, right) = (password(), another())
        defer {
            FileContents.wipe(&left)
            FileContents.wipe(&right)
        }
        return left == right
    }
}
