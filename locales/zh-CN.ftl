## Page

page-title = 我的待办
page-done = 完成


## Windows

window-todos = 我的待办
window-settings = Belldot 设置
error-quitting = Belldot 正在退出。请重新启动后再试一次。

## Probe: what stands at an address

probe-step-name = 名称与地址
probe-step-stream = 事件流
probe-step-event = 首个事件
probe-stream-open = 已打开
probe-first-event = “{ $title }”
probe-no-event = 暂时没有，这很正常
probe-found-belldot = 这是一台 Belldot 服务器：错过的会补发，完成的会同步回去。
probe-found-sse = 这是一个事件流，其中的事件会成为待办。
probe-found-full = 服务器连接已满。请稍后再试，或请管理员增加名额。
probe-found-sign-in = 服务器要求登录。请填写令牌后再测试。
probe-found-not-a-stream = 那里有服务器，但不是事件流：{ $why }请检查地址，应填写事件流本身的地址。
probe-found-nothing = 那里没有回应：{ $why }请检查地址和网络。
probe-found-unusable = Belldot 无法使用这个地址（{ $why }）。地址应以 https:// 或 http:// 开头。

## Command line

watch-unread = { $count } 条未读待办

## Test toast

toast-test-title = 这是一条测试通知
toast-test-body = Belldot 的通知可以送达。

## Demo

demo-source = 演示
demo-running = 演示服务器位于 { $url }。点击面板上的铃铛查看待办；每隔几秒会有新的待办到来。
demo-title-1 = 生产环境发布需要你确认
demo-sender-1 = 发布平台
demo-title-2 = 周会纪要已更新，请查看
demo-sender-2 = 王磊
demo-title-3 = 供应商合同 2026-118 待会签
demo-sender-3 = 法务系统
demo-title-4 = 审批：第三季度差旅报销
demo-sender-4 = 陈静
demo-title-5 = 提交周报
demo-sender-5 = 人力资源
demo-title-6 = 信息安全培训（必修）
demo-sender-6 = 培训中心
