import Sharding
import WinRMParameters

/// What the rows of the table write into while a command line is read.
struct Draft {
    /// The operands behind the first.
    var more: [String] = []
    var run = RunInvocation(playbook: .lines([]))
    /// What a run's sessions may take to open, where the command line says so; nil in it is no limit.
    var connectingTimeout: Duration?? = nil
    /// All options, in their order, each as it can be given again.
    var given: [(option: CommandOption, text: String)] = []
    var schedule = ScheduleDraft()
    /// The lines of a run without a playbook.
    var lines: [String] = []
    /// Where a run's SSH targets come from, and what they share.
    var hosts = HostSelection()
    var shard: ShardRequest?
    var targetsFormat = TargetsInvocation.Format.text
    var ssh = SSHChoices()
    /// What sessions over WinRM share.
    var winRM = WSManParameters()
    /// The running PowerShell to enter; more than one are too many.
    var chosenProcesses: [ProcessChoice] = []
    var containers = ContainerChoices()
    var machine = MachineDraft()
    var processes = ProcessesInvocation()
    /// The kept session to enter; more than one are too many.
    var keptSessions: [KeptSessionOption] = []
    var session = SessionDraft()
    var replay = ReplayInvocation(run: "")
    var follow = FollowInvocation()
    var list = ListInvocation()
    var show = ShowInvocation(run: "")
    var search = SearchInvocation(pattern: "")
    var diff = DiffInvocation(run: "")
    var export = ExportDraft()
    var merge = MergeInvocation()
    var recover = RecoverInvocation()
    var prune = PruneInvocation()
    var verify = VerifyInvocation()
    var prove = ProveInvocation(run: "")
    var config = ConfigInvocation()
    var resume = ResumeInvocation(run: "")
    var rerun = RerunInvocation(run: "")
    var endpoint = EndpointInvocation()
}
