/// What the rows of the table write into while a command line is read.
struct Draft {
    var run = RunInvocation(playbook: "")
    var replay = ReplayInvocation(run: "")
    var follow = FollowInvocation()
    var list = ListInvocation()
    var show = ShowInvocation(run: "")
    var recover = RecoverInvocation()
    var endpoint = EndpointInvocation()
}
