## Page

page-title = 我的待办
page-settings = 设置
page-list = 待办列表
page-todo = 待办内容
page-unread-count = { $count } 条未读待办
page-search = 搜索待办
page-search-clear = 清空搜索
page-filter = 筛选
page-filter-all = 全部
page-filter-unread = 未读
page-filter-urgent = 重要
page-filter-done = 已完成
page-filter-snoozed = 稍后提醒
page-more = 更多
page-read-all = 全部标为已读
page-show-snoozed = 查看稍后提醒的待办
page-show-done = 查看已完成的待办
page-by-source = 按来源分组
page-group-overdue = 已逾期
page-group-pinned = 已置顶
page-group-today = 今天
page-group-later = 以后
page-group-no-date = 无日期
page-unread = 未读：
page-urgent = 紧急：
page-overdue-since = 已逾期，截止时间
page-just-now = 刚刚
page-day-and-time = { $day } { $time }
page-done = 完成
page-done-named = 完成：{ $title }
page-reopen = 恢复为未完成
page-read = 标为已读
page-snooze = 稍后提醒
page-snooze-minutes = 15 分钟后
page-snooze-hour = 1 小时后
page-snooze-evening = 今晚
page-snooze-tomorrow = 明天上午
page-snooze-monday = 周一上午
page-snooze-end = 立即恢复
page-pin = 置顶
page-unpin = 取消置顶
page-snoozed = 稍后提醒至
page-snoozed-until = 稍后提醒至 { $when }
page-open = 打开
page-back = 返回列表
page-close = 关闭
page-undo = 撤销
page-saving = 正在保存…
page-did-read = 已将 { $count } 条待办标为已读
page-copy-address = 复制地址
page-dismiss = 知道了
page-copied = 已复制。
page-not-copied = 无法使用剪贴板。
page-did-done = { $count ->
    [1] 已完成：{ $title }
   *[other] 已完成 { $count } 条待办
}
page-did-snooze = { $count ->
    [1] 稍后提醒至 { $when }：{ $title }
   *[other] { $count } 条待办将于 { $when } 再次提醒
}
page-picked = 已选 { $count } 条
page-unpick = 取消选择
page-choose = 选择一条待办，在这里查看。
page-due = 截止
page-priority = 优先级
page-priority-1 = 最低
page-priority-2 = 低
page-priority-4 = 高
page-priority-5 = 紧急
page-sender = 来自
page-source = 来源
page-arrived = 收到
page-tags = 标签
page-show-all = 显示全部
page-status = 连接状态
page-try-again = 立即重试
page-broken = 页面出错了
page-broken-again = 重新显示
page-todo-gone = 这条待办已不在了。
page-sign-in = 登录
page-full = 服务器连接已满
page-next-try = ，{ $left } 后重试
page-missing-since = ，{ $when } 之后的消息可能不全
page-more-unwell = 另有 { $count } 个来源异常
page-all-well = { $count } 个来源均已连接
page-paused = 已暂停
page-paused-until = 已暂停至 { $when }
page-resume = 恢复
page-all-done = 全部完成
page-all-done-words = 没有待办了。新的待办会自动显示在这里。
page-no-match = 没有匹配的待办
page-no-match-words = 没有待办符合当前的搜索和筛选条件。
page-show-everything = 显示全部待办
page-more-found = 还有更多结果，这里显示最新的。
page-first-title = 还没有连接服务器
page-first-words = 让 Belldot 连接到公司的服务器，需要您处理的事项就会出现在这里。
page-first-connect = 连接服务器
page-first-demo = 试用演示
page-keys = 键盘快捷键
page-key-next = 下一条
page-key-previous = 上一条
page-key-open = 在浏览器中打开
page-key-show = 查看待办
page-key-done = 完成或恢复
page-key-read = 标为已读或未读
page-key-snooze = 稍后提醒
page-key-pick = 多选
page-key-pin = 置顶或取消置顶
page-key-undo = 撤销
page-key-search = 搜索
page-key-help = 显示本帮助
page-key-settings = 设置
page-key-dismiss = 返回，或关闭窗口

## Web

web-bell = { $count ->
    [0] 没有未读待办
   *[other] { $count } 条未读待办
}
web-language = 语言
web-connect = 连接
web-disconnect = 断开连接
web-notify = 显示通知
web-notify-off = 关闭通知
web-notify-blocked = 浏览器已阻止本页的通知。请在浏览器的网站设置中允许。
web-notify-many = { $count } 条新待办
web-local = 稍后提醒和置顶只保存在此浏览器中。
web-pin = 在此浏览器中置顶
web-token = 访问令牌
web-sign-in = 登录
web-sign-in-words = 服务器需要令牌。请粘贴您的令牌，它会保留到此标签页关闭为止。
web-wrong-token = 令牌无效，请检查后重新粘贴。
web-off = 未连接
web-off-words = 连接后，新的待办会实时显示在这里。
web-reconnecting = 连接已断开，浏览器正在重试
web-disconnected = 已断开连接
web-unreachable = 无法连接服务器，请稍后再试。
web-late = 服务器在 { $seconds } 秒内没有回应，请稍后再试。
web-late-change = 服务器在 { $seconds } 秒内没有回应。如果更改已被接受，本页会自动更新。
web-not-understood = 服务器的回应无法识别。
web-refused = 服务器拒绝了此操作（状态 { $status }）。

## Settings

settings-sources = 来源
settings-belldot = Belldot
settings-add-source = 添加来源
settings-new = 连接服务器
settings-new-words = 请粘贴事件流的地址。Belldot 会先看看那里有什么，再保存。
settings-server = 服务器
settings-test = 测试
settings-not-an-address = 这不是有效的地址。地址应以 https:// 或 http:// 开头。
settings-probe-asking = 正在询问 { $url } …
settings-probe-ok = 正常
settings-probe-not = 有问题
settings-probe-untried = 供参考
settings-probe-use = 使用这个地址
settings-probe-first = 最初的消息将显示为
settings-millis = { $count } 毫秒
settings-name = 名称
settings-token = 令牌
settings-sign-in = 登录方式
settings-sign-in-token = 令牌
settings-sign-in-basic = 用户名和密码
settings-sign-in-header = 自定义请求头
settings-signing-in = 登录
settings-header-secret = 请求头名称
settings-header-secret-value = 其保密值
settings-headers = 其他请求头
settings-headers-hint = 随每个请求发送。请勿填写机密内容：它们保存在设置文件中。
settings-header-name = 名称
settings-header-value = 值
settings-header-add = 添加请求头
settings-header-remove = 移除此请求头
settings-header-wrong = 请求头名称由字母、数字和连字符组成，且不能重复。
settings-messages = 消息
settings-preview = 这些消息会变成什么
settings-preview-waits = 还没有收到消息。收到后，会在这里显示它将呈现的样子。
settings-preview-decided = { $what ->
    [todo] 已识别：Belldot 自有格式的待办。
    [count] 已识别：未读数量。
    [text] 已识别：纯文本，每条一个待办。
    [json] 已识别：JSON。
    [cloudevents] 已识别：CloudEvents。
    [ntfy] 已识别：ntfy 消息。
    [home-assistant] 已识别：Home Assistant 事件。
    [wikimedia] 已识别：Wikimedia 事件。
    [not-understood] 未能识别。请在下方指出各个值的含义。
   *[nothing] 目前只有心跳消息。
}
settings-preview-nothing = 心跳消息：无需显示
settings-preview-count = 更新未读数量
settings-preview-not = 此格式无法理解
settings-preview-gone = 更改先前的待办
settings-preview-unread = 服务器自己的未读数量：{ $count }
settings-teach-hint = 有遗漏或不对的地方吗？指向某个值并选择它是什么，也可以直接点击。
settings-teach-open = 查看内容
settings-teach-close = 收起内容
settings-teach-each = 其中每一项都是待办
settings-teach-leave-out = 忽略这类事件
settings-teach-take-in = 不再忽略
settings-teach-left-out = 已按您的要求忽略
settings-teach-undo = 撤销
settings-teach-over = 重新开始
settings-teach-menu = 这是什么？
settings-teach-value = { $said ->
    [yes] { $name }：{ $parts }：{ $value }
   *[no] { $name }：{ $value }
}
settings-teach-whole = 整个事件
settings-teach-nothing = 无
settings-teach-empty = 空
settings-teach-entries = { $count } 项
settings-teach-more = 还有 { $count } 项
settings-secret-none = 无
settings-secret-hint = 仅在需要时填写，保存在本机的密钥环中。
settings-secret-kept = 已保存在本机的密钥环中。
settings-secret-fleeting = 仅保留到 Belldot 退出：本机没有可用的密钥环。
settings-secret-forget = 删除
settings-page = 点击铃铛时打开
settings-page-own = Belldot 自己的列表
settings-page-company = 公司的网页
settings-page-hint = 也可以在独立窗口中打开公司的网页。
settings-page-address = 网页地址
settings-page-origins = 网页还可以前往
settings-page-origins-hint = 例如登录所用的网站。其他网站会在浏览器中打开。
settings-format = 消息格式
settings-format-auto = 自动识别
settings-format-todo = Belldot 待办格式
settings-format-text = 纯文本，每条一个待办
settings-format-taught = 按您的示例识别
settings-format-json = JSON，手动映射
settings-format-cloudevents = CloudEvents
settings-format-ntfy = ntfy
settings-format-mercure = Mercure
settings-format-home-assistant = Home Assistant
settings-format-wikimedia = 维基媒体 EventStreams
settings-zone = 消息的时区
settings-zone-hint = 用于没有写明时区的时间。留空则使用本机时区（{ $zone }）。
settings-seen-todo = 最近收到：Belldot 格式的待办。
settings-seen-count = 最近收到：未读数量。
settings-seen-text = 最近收到：纯文本。
settings-seen-json = 最近收到：JSON。
settings-seen-cloudevents = 最近收到：CloudEvents 事件。
settings-seen-ntfy = 最近收到：ntfy 消息。
settings-seen-home-assistant = 最近收到：Home Assistant 事件。
settings-seen-wikimedia = 最近收到：维基媒体事件。
settings-seen-not-understood = 最近一条消息无法识别，请在下方指出含义。
settings-map = 待办各部分的位置，以 JSON Pointer 表示，例如 /task/name
settings-map-show = 查看对应的 JSON Pointer
settings-map-each = 待办列表
settings-map-guess = 自动识别此处未指定的部分
settings-map-title = 标题
settings-map-body = 正文
settings-map-url = 链接
settings-map-id = 标识
settings-map-priority = 优先级
settings-map-due = 截止时间
settings-map-status = 状态
settings-map-read = 已读
settings-map-sender = 发件人
settings-map-tags = 标签
settings-map-created = 创建时间
settings-map-count = 未读数
settings-map-wrong = JSON Pointer 以斜杠开头，例如 /title。
settings-map-events = 仅限这些类型的事件
settings-map-events-hint = 以逗号分隔；留空表示全部。
settings-map-skip = 忽略
settings-map-skip-kind = 忽略此类型的事件
settings-map-skip-any-kind = 任意类型
settings-map-skip-at = 忽略含有此项的消息
settings-map-skip-is = 且其值为
settings-map-skip-anything = 任意值
settings-map-skip-add = 忽略某些消息
settings-map-skip-remove = 删除此规则
settings-cool-down = 服务器已满时等待
settings-cool-down-minutes = 约 { $count } 分钟
settings-cool-down-never = 直到我手动重试
settings-cool-down-hint = 之后 Belldot 会自动重试。
settings-full-text = 表示服务器已满的文字
settings-full-text-hint = 仅在您的服务器使用其他说法时填写。
settings-plain = 允许不加密发送令牌
settings-plain-hint = 该地址以 http:// 开头，网络中的其他人可能看到令牌。
settings-paused = 暂停此来源
settings-paused-hint = 关闭此开关之前，不会连接该来源。
settings-stream = 事件流
settings-back = 返回来源
settings-move-up = 上移
settings-move-down = 下移
settings-remove = 移除
settings-removed = 已移除：{ $name }
settings-done = 完成
settings-cancel = 取消
settings-add = 添加
settings-notifications = 通知
settings-toasts = 显示通知
settings-toasts-hint = 无论是否显示，铃铛都会计数。
settings-private = 隐藏通知内容
settings-private-hint = 只显示有几条新待办，不显示内容。
settings-toast-test = 发送测试通知
settings-toast-sent = 已发送，现在应当能在屏幕上看到。
settings-quiet = 免打扰
settings-quiet-on = 每天在一段时间内免打扰
settings-quiet-hint = 铃铛照常计数，结束后用一条通知告诉您期间来了什么。
settings-quiet-from = 从
settings-quiet-to = 到
settings-quiet-no-time = 请填写时间，例如 21:30。
settings-quiet-except = 期间仍然提醒
settings-quiet-except-none = 都不提醒
settings-quiet-except-from = { $priority ->
    [5] 仅紧急
    [4] 高优先级及以上
    [3] 普通优先级及以上
   *[other] 除最低以外的全部
}
settings-quiet-days = 全天免打扰
settings-sounds = 声音
settings-sound-low = 低优先级
settings-sound-normal = 普通和高
settings-sound-high = 紧急
settings-sound-desktop = 跟随桌面
settings-sound-silent = 无
settings-sound-message = 消息音
settings-sound-bell = 铃声
settings-sound-alarm = 闹铃
settings-not-read = 设置尚未读取完成，请稍后重试。
settings-locked = 此项已由管理员固定。
settings-locked-why = 已由管理员固定：{ $reason }
settings-general = 通用
settings-language = 语言
settings-theme = 主题
settings-theme-light = 浅色
settings-theme-dark = 深色
settings-system = 跟随系统
settings-autostart = 登录时启动
settings-autostart-hint = 只出现铃铛，不打开窗口。
settings-keep-done = 已完成的待办保留
settings-keep-done-hint = 未完成的待办始终保留。
settings-days = { $count } 天
settings-most = 最多占用
settings-most-hint = 超出后，先删除最早完成的待办。
settings-megabytes = { $count } MB
settings-network = 网络
settings-proxy = 代理
settings-proxy-direct = 不使用
settings-proxy-through = 指定代理
settings-proxy-hint = 所有来源都经由此代理；本机始终直接连接。
settings-proxy-hint-system = 通往所有服务器的途径；本机始终直接连接。
settings-proxy-url = 代理地址
settings-proxy-not-an-address = 这不是代理地址，应以 http://、https://、socks5:// 或 socks5h:// 开头。
settings-user = 用户名
settings-password = 密码
settings-proxy-user-hint = 仅在代理需要时填写。
settings-proxy-except = 直接连接
settings-proxy-except-hint = 主机、*.域名、地址或网段，用逗号分隔；<local> 表示不含点的主机名。
settings-trust = 证书
settings-ca = 同时信任以下证书颁发机构
settings-ca-hint = PEM 文件，作为本机信任列表的补充。
settings-file-remove = 移除 { $file }
settings-certificate = 客户端证书
settings-certificate-hint = 包含证书及其私钥的 PEM 文件，仅在服务器要求时填写。
settings-about-title = 关于
settings-about = 系统托盘里的铃铛，提醒公司服务器希望大家看到的事。
settings-version = 版本 { $version }
settings-file = 设置
settings-inbox = 待办
settings-logs = 日志
settings-files = 文件位置
settings-open-folder = 打开文件夹：{ $what }
settings-diagnosis = 复制诊断信息
settings-diagnosis-hint = 有助于排查问题的全部信息，不含机密，也不含待办内容。
settings-take-along = 导出与导入
settings-export-json = 导出待办（JSON）
settings-export-calendar = 导出待办（日历）
settings-export = 导出设置
settings-import = 导入设置…
settings-import-sure = 替换当前设置？
settings-import-words = { $file } 将取代全部设置，包括来源。待办保持不变，服务器不变的来源的密码和令牌也会保留。
settings-import-confirm = 替换
settings-imported = 设置已替换为 { $file } 的内容。
settings-licence = 许可
settings-licence-words = 自由软件，许可任选其一：{ $licences }。

## Streams

stream-show = 查看事件流的运行情况
stream-attempts = 连接次数
stream-opened = 成功 { $count } 次
stream-events = 事件
stream-last-minute = 最近一分钟 { $count } 个
stream-heartbeats = 心跳
stream-gap = 通常间隔 { $gap }
stream-no-gap = 间隔尚未确定
stream-received = 已接收
stream-skipped = { $count } 个过大，已跳过
stream-last-heard = 最近收到
stream-never = 从未
stream-last-id = 最后的事件 ID
stream-none = 无
stream-not-understood = { $count } 个事件无法理解
stream-teach = 指出含义
stream-history = 连接记录
stream-all = 显示全部 { $count } 条
stream-copy = 复制报告
stream-nothing = 还没有关于此事件流的信息。

## Windows

window-todos = 我的待办
window-settings = Belldot 设置
company-page-failed = 无法显示“{ $name }”
company-page-advice = 每隔几秒会自动重试。
company-page-try-again = 重试
company-page-cause-name = 找不到 { $host } 的地址。
company-page-cause-refused = { $host } 拒绝了连接。
company-page-cause-unreachable = 无法连接到 { $host }。
company-page-cause-timeout = { $host } 没有及时应答。
company-page-cause-proxy = 无法通过代理连接到 { $host }。
company-page-cause-broken = 与 { $host } 的连接中断了。
company-page-cause-other = 无法加载 { $host } 的页面。
company-page-cause-elsewhere = 该网页要前往 { $host }，但此窗口不能打开该网站。
company-page-advice-elsewhere = 如果需要在那里登录，请在此服务器的设置中把 { $origin } 添加到“网页还可以前往”，或请管理员添加，然后重新打开此窗口。
company-page-open-in-browser = 在浏览器中打开
company-page-cause-tls-authority = { $host } 的证书不是由本机信任的机构签发的。
company-page-cause-tls-name = { $host } 出示的证书属于另一台服务器。
company-page-cause-tls-expired = { $host } 的证书已过期。
company-page-cause-tls-not-yet = { $host } 的证书尚未生效；请检查本机时间是否正确。
company-page-cause-tls-revoked = { $host } 的证书已被吊销。
company-page-cause-tls-other = 无法与 { $host } 建立安全连接。
error-quitting = Belldot 正在退出。请重新启动后再试一次。
error-keyring-keeps =
    密钥环没有删除该密钥，它仍被保存：{ $detail ->
        [silent] 密钥环没有响应，请稍后重试。
        [absent] 此桌面没有运行密钥环。
        [failed] 密钥环返回错误。
       *[locked] 密钥环已锁定，请解锁后重试。
    }
error-keyring-waits =
    密码或令牌保存在密钥环中，{ $detail ->
        [silent] 但密钥环没有响应。
        [absent] 但此桌面没有运行密钥环。
        [failed] 但密钥环返回错误。
       *[locked] 但密钥环已锁定，请解锁后重试。
    }
error-instance-silent = Belldot 正在运行，但没有响应。如果一直如此，请结束其进程后重新启动。
error-instance-unclear = 正在运行的 Belldot 不认识这个请求，可能版本不同。请退出后重新启动。
error-no-display = Belldot 的铃铛需要桌面环境，而这里没有显示器：{ $detail }。在终端中可以使用 “belldot watch” 加数据流的地址。

## 探测：这个地址上是什么

probe-step-used = 使用的设置
probe-step-proxy = 代理
probe-step-name = 名称与地址
probe-step-redirect = 重定向
probe-step-stream = 事件流
probe-step-event = 首个事件
probe-step-head = 响应头
probe-step-buffering = 缓冲
probe-step-length = 长度
probe-step-charset = 编码
probe-step-end = 结束
probe-step-heartbeat = 心跳
probe-step-retry = 重连
probe-step-replay = 补发
probe-step-elsewhere = 其他地址

probe-used = { $what }
used-extra-ca = 额外的证书颁发机构（{ $files }）
used-client-certificate = 客户端证书 { $file }
used-token = BELLDOT_TOKEN 中的令牌
used-source = 来源“{ $name }”
used-secret = 密钥环中保存的密码或令牌
used-no-secret = 没有密码或令牌：密钥环里没有它的记录
used-no-keyring =
    没有密码或令牌：它保存在密钥环中，{ $detail ->
        [silent] 但密钥环没有响应
        [absent] 但此处没有运行密钥环
        [failed] 但密钥环返回错误
       *[locked] 但密钥环已锁定，请解锁后重试
    }
used-headers = 它的 { $count } 个额外请求头

probe-through-proxy = { $proxy }
probe-name-address = { $host } → { $address }
probe-name-by-proxy = 本机查不到 { $host }，由代理查询
probe-name-none = 名称 { $host } 没有对应的地址
advice-name-none = 请检查名称是否写对。如果是公司内网的名称，请先接入内网（VPN）。
probe-redirected = { $status } → { $url }

probe-stream-open = 已打开
probe-stream-full = 服务器连接已满
advice-stream-full = 每个窗口、标签页和程序各占一个连接。请关闭一些，或请管理员提高每个用户的上限。
probe-stream-unanswered = 服务器已收到请求，但还没有返回任何内容
advice-stream-unanswered = Flask、Tornado、原生 Node、没有 Flush 的 Go，以及安静后端前面的 nginx 通常如此：响应头随首个事件一起发出。Belldot 会一直等待，事件一到就显示。若想立刻看到连接成功，请让服务器在有人连接时马上发送一行注释（“:” 加一个空行）并刷新输出；经过 nginx 时加上响应头 X-Accel-Buffering: no，或设置 proxy_buffering off。

probe-first-event = “{ $title }”
probe-event-unread = 收到一个类型为“{ $kind }”的事件，但没有从中读出待办
advice-event-unread = 请为这个来源选择其他格式，或设置 JSON 映射。
probe-no-event = 暂时没有，这很正常

probe-head-late = { $seconds } 秒后才随首个事件一起到达
advice-head-late = 在那之前，谁也看不出事件流是否已打开。请让服务器在有人连接时马上发送一行注释（“:” 加一个空行）并刷新输出；经过 nginx 时加上响应头 X-Accel-Buffering: no，或设置 proxy_buffering off。
probe-buffering-none = 没有：事件逐个到达
probe-buffering-end = 响应结束时所有内容才一次到达
advice-buffering-end = 有环节攒齐整个响应才转发。请在每个事件后刷新输出，并关闭缓冲和压缩（PHP：ob_end_flush 和 flush；nginx：X-Accel-Buffering: no、proxy_buffering off 或 fastcgi_buffering off）。
probe-buffering-lumps = 事件成批到达
advice-buffering-lumps = 途中有环节在攒事件。请在每个事件后刷新输出，并对这个地址关闭缓冲和压缩（nginx：X-Accel-Buffering: no 或 proxy_buffering off；Apache：flushpackets=on）。
probe-buffering-blocks = 事件在一行中间停住，稍后才继续
advice-buffering-blocks = 途中有固定大小的缓冲区，满了才转发。请在每个事件后刷新输出，并对这个地址关闭缓冲和压缩（nginx：X-Accel-Buffering: no 或 proxy_buffering off）。
probe-length = 响应声明长度为 { $bytes } 字节（Content-Length）：这是文件，不是实时的事件流
advice-length = 事件流没有长度。请不要发送 Content-Length，并保持连接打开。
probe-charset-wrong = 不是 UTF-8；服务器声明为“{ $name }”
advice-charset-wrong = 事件流一律是 UTF-8，与服务器的声明无关。请让它输出 UTF-8，否则有些字符会显示为“�”。
probe-charset-broken = 不是 UTF-8，服务器也没有另作声明
advice-charset-broken = 事件流一律是 UTF-8。请让服务器输出 UTF-8，否则有些字符会显示为“�”。
probe-charset-named = 服务器声明为“{ $name }”；事件流仍按 UTF-8 读取
probe-end-orderly = { $seconds } 秒后服务器结束了事件流
advice-end-orderly = Belldot 会自动重连。如果每次都在同样的时间结束，说明有时间限制：HAProxy 的“timeout server”和“timeout tunnel”、PHP 的 max_execution_time、Spring 的 SseEmitter(0L)、网关的空闲超时。每 15 秒发送一行注释可以保持空闲的连接。
probe-end-cut = { $seconds } 秒后连接被切断
advice-end-cut = Belldot 会自动重连。如果每次都在同样的时间切断，说明途中的代理或网关有时间限制（nginx 的 proxy_read_timeout、HAProxy 的“timeout server”）。每 15 秒发送一行注释可以保持空闲的连接。
probe-heartbeat-gap = 每 { $seconds } 秒一次
probe-heartbeat-once = { $seconds } 秒内一次
probe-heartbeat-none = { $seconds } 秒内没有
advice-heartbeat-none = 没有心跳，连接断了要很久才能发现，代理也可能切断空闲的连接。请让服务器每 15 到 30 秒发送一行注释（“:” 加一个空行）。
probe-retry = 服务器要求重连前等待 { $seconds } 秒
probe-replay-yes = 错过的会补发（Last-Event-ID）
probe-replay-repeats = 忽略 Last-Event-ID，每次从头发送全部事件
probe-replay-ignored = 忽略 Last-Event-ID，错过的不补发
advice-replay-ignored = 本机离线时发出的事件会丢失。请让服务器先发送 Last-Event-ID 之后的事件。
probe-replay-refused = 带 Last-Event-ID 的连接被拒绝（{ $status }）
advice-replay-refused = 服务器不认自己发出的事件 ID。它应当返回其后的事件，或忽略这个请求头。
probe-replay-nothing = 没有可补发的事件
probe-replay-no-ids = 事件没有 ID，错过的无法补发
advice-replay-no-ids = 本机离线时发出的事件会丢失。请给每个事件加上“id:”行，并先发送 Last-Event-ID 之后的事件。

probe-elsewhere-scheme = { $url } 有回应
probe-elsewhere-belldot = 这是一台 Belldot 服务器，它的事件流在 { $url }
probe-elsewhere-linked = 网页指明了事件流的地址：{ $url }

advice-refused = 服务器在运行吗？请检查端口；也可能是防火墙拒绝了连接。
advice-timeout = 请检查地址和端口，以及是否有防火墙或 VPN 阻挡。
advice-broken = 还没有回应，连接就被服务器、代理或防火墙切断了。
advice-broken-unreachable = 本机接入服务器所在的网络（VPN）了吗？
advice-tls-other = 服务器的 TLS 无法使用；管理员可以用“openssl s_client”检查。
advice-tls-unknown-authority = 请索取签发机构的证书（PEM），在设置的“网络”中添加，或写入设置文件的 network.extra_ca。自签证书就是它自己的签发机构。
advice-tls-expired = 需要管理员更新。另请检查本机时间。
advice-tls-wrong-name = 它不是为 { $host } 签发的。请使用证书上的名称。
advice-tls-revoked = 需要管理员更换。
advice-tls-bad-certificate = 需要管理员更换。
advice-tls-client-certificate = 请在设置的“网络”中指定您的证书，或写入设置文件的 network.client_certificate。
advice-tls-incompatible = Belldot 需要 TLS 1.2 或 1.3。
advice-proxy = 请检查设置中“网络”里的代理，或 https_proxy 和 no_proxy 变量。
advice-sign-in-anonymous = 请填写令牌，或用户名和密码{ $scheme ->
    [Basic] （这台服务器使用用户名和密码）
    [Bearer] （这台服务器使用令牌）
   *[other] {""}
}。在终端里：使用 BELLDOT_TOKEN，或用 --source 指定设置中的来源。
advice-sign-in-signed-in = 服务器不接受这份凭据。令牌是否完整、是否过期、是否属于这台服务器？{ $scheme ->
    [Basic] 服务器要求用户名和密码（Basic）。
    [Negotiate] 服务器要求 Kerberos（Negotiate），Belldot 不支持。
    [NTLM] 服务器要求 NTLM，Belldot 不支持。
   *[other] {""}
}
advice-status-400 = 服务器看不懂这个请求。请检查路径和“?”后面的内容。
advice-status-403-anonymous = 服务器不允许未登录或来自这个网络的访问。请填写令牌后再测试。
advice-status-403-signed-in = 服务器认识您，但不允许您查看这个事件流。请向管理员申请权限。
advice-status-404 = 服务器在，但这个路径上什么也没有。请询问事件流的准确地址。
advice-status-405 = 这个地址只能发送，不能读取。请询问事件流的地址。
advice-status-406 = 服务器在这个地址上没有事件流（text/event-stream）。
advice-status-429 = 来自这里的请求太多。请稍后再试。
advice-status-500 = 服务器自身出错，原因见它的日志。
advice-status-502 = 回应的是代理，它后面的程序没有运行或中途断开。请启动该程序并查看它的日志。
advice-status-503 = 服务器或代理后面的程序暂时不可用，可能正在启动、过载或维护。
advice-status-504 = 回应的是代理，它后面的程序没有及时回答。安静的事件流需要每 15 秒发送一行注释，或在代理里设置更长的超时（nginx 的 proxy_read_timeout）。
advice-not-an-event-stream-page = 这是一个网页：程序的页面、登录页面，或要求登录的网络的页面。事件流的地址是另一个。
advice-not-an-event-stream-compressed = 请对这个地址关闭压缩：压缩的事件流要攒满一块才会发出。
advice-not-an-event-stream-unnamed = 服务器没有说明发送的是什么。事件流应带有响应头 Content-Type: text/event-stream。
advice-not-an-event-stream-other = 事件流应带有响应头 Content-Type: text/event-stream。请检查地址或服务器。
advice-redirect = 如果它指向的地址是对的，请直接使用那个地址。
advice-closed = 服务器表示这里没有可跟随的内容（204）。
advice-gone = 请询问新的地址。
advice-unusable-plain-credentials = 请使用 https；如果网络可信，也可以为这个来源允许（allow_plain_http）。

probe-instead = 请改用 { $url }
probe-two-sentences = { $one }{ $two }
probe-found-belldot = 这是一台 Belldot 服务器：错过的会补发，完成的会同步回去。
probe-found-belldot-base = 这是一台 Belldot 服务器，但不是事件流的地址。
probe-found-sse = 这是一个事件流，其中的事件会成为待办。
probe-found-full = 服务器连接已满。请稍后再试，或请管理员增加名额。
probe-found-unanswered = 服务器在，只是还没有内容。如果这就是事件流的地址，添加即可：Belldot 会等待首个事件。
probe-found-sign-in = 服务器要求登录。请填写令牌后再测试。
probe-found-sign-in-refused = 服务器不接受这份登录信息。请检查令牌或密码后再测试。
probe-found-forbidden = 服务器不允许您查看这个事件流。请向管理员申请权限。
probe-found-forbidden-anonymous = 服务器不对所有人开放。请填写令牌后再测试。
probe-found-not-a-stream = 那里有服务器，但不是事件流（{ $why }）。请检查地址，应填写事件流本身的地址。
probe-found-other-type = 那里有服务器，但发送的不是事件流。请检查地址，应填写事件流本身的地址。
probe-found-page = 这是一个网页，不是事件流。请检查地址，应填写事件流本身的地址。
probe-found-compressed = 这是事件流，但经过压缩，Belldot 不读取。请对这个地址关闭压缩。
probe-found-other-scheme = 服务器在，但地址开头的协议不对。
probe-found-not-secure = 那里有服务器，但无法建立安全连接（{ $why }）。
probe-found-down = 服务器在，但它后面的程序没有回答（{ $why }）。
probe-found-proxy = 代理不让 Belldot 通过（{ $why }）。请检查设置中“网络”里的代理。
probe-found-nothing = 那里没有回应（{ $why }）。请检查地址和网络。
probe-found-unusable = Belldot 无法使用这个地址（{ $why }）。地址应以 https:// 或 http:// 开头。
probe-found-no-address = { $why }

## 输入或粘贴的地址与密钥

address-empty = 没有填写地址。地址形如 https://todo.example.com/api/v1/events。
address-scheme = 以 { $scheme }: 开头的不是事件流地址，地址应以 https:// 或 http:// 开头。
address-not-one = 这不是服务器地址。地址形如 https://todo.example.com/api/v1/events。
secret-empty = 填写的内容里没有令牌。
secret-character = 令牌无法发送：第 { $at } 个字符不是英文键盘上的字母、数字或符号。请重新复制令牌，不要带上前后的其他内容。

## Command line

watch-done = 已完成：{ $title }
watch-cancelled = 已撤回：{ $title }
watch-assumed = 正在询问 { $url }。在地址前写上 http:// 或 https:// 可自行选择。
doctor-listens = 最多收听 { $seconds } 秒 …
error-token = 不使用 { $name }。{ $detail }
error-no-source = 设置中没有 ID 为 { $id } 的来源。已有：{ $known }
error-no-way = 网络尚未就绪，请稍后再试。
watch-unread = { $count } 条未读待办

## Test toast

toast-test-title = 这是一条测试通知
toast-test-body = Belldot 的通知可以送达。

## Demo

demo-source = 演示
demo-runs-already = 使用这些文件夹的 Belldot 已在运行，没有再启动一个演示；待办已经打开。
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

## States

state-line = { $source } · { $state }
state-connecting = 正在连接…
state-connecting-name = 正在查找服务器的地址…
state-connecting-proxy = 正在通过代理服务器连接…
state-connecting-head = 已连接，尚未收到任何数据
state-open = 已连接
state-waiting = { $cause }，{ $time } 重试
state-full = 服务器已满，{ $time } 重试
state-full-never = 服务器已满，请在合适的时候重试
state-stopped = { $cause }
state-paused = 已暂停
time-tomorrow = 明天 { $clock }
time-day-today = 今天
time-day-tomorrow = 明天
time-date = { $date } { $clock }

## Causes

cause-ended = 服务器结束了连接
cause-broken =
    { $detail ->
        [reset] 连接被断开
        [unreachable] 当前网络无法到达服务器
        [not-http] 该地址的服务不使用 http，地址也许应以 https:// 开头
        [cut-off] 连接在应答途中断开
       *[other] 连接中断
    }
cause-refused = 该地址没有应答
cause-dns = 找不到 { $detail } 的地址
cause-tls =
    { $detail ->
        [unknown-authority] 本机不信任服务器的证书；如果是贵公司的证书，请在设置的“网络”中添加其颁发机构
        [no-trust-store] 本机没有任何受信任的证书，请安装 ca-certificates 软件包
        [expired] 服务器的证书已过期
        [not-yet-valid] 服务器的证书尚未生效，请检查本机时钟
        [wrong-name] 服务器的证书属于另一个主机名
        [revoked] 服务器的证书已被吊销
        [bad-certificate] 服务器的证书无法使用
        [client-certificate] 服务器要求客户端证书，或不接受当前证书
        [not-tls] 地址以 https 开头，但服务器在此不使用 https，可能应为 http
        [incompatible] 服务器的 TLS 版本过旧，或与本机不兼容
       *[other] 无法建立安全连接
    }
cause-timeout = 服务器没有响应
cause-silent = 太久没有收到任何数据
cause-proxy =
    { $detail ->
        [unreachable] 无法连接代理服务器
        [unknown-name] 找不到代理服务器的地址
        [silent] 代理服务器没有响应
        [tls] 无法与代理服务器建立安全连接
        [other] 代理服务器拒绝连接
       *[status] 代理服务器拒绝连接（{ $detail }）
    }
cause-proxy-sign-in =
    { $detail ->
        [Basic] 代理服务器需要登录，请在设置的“网络”中填写用户名和密码
        [unnamed] 代理服务器需要登录
       *[schemes] 代理服务器要求以 { $detail } 方式登录，Belldot 本身不支持；请改用 px、cntlm 等本地代理工具，或咨询 IT 部门
    }
cause-status = 服务器返回 { $detail }
cause-sign-in = 需要登录
cause-keyring =
    { $detail ->
        [silent] 密钥环没有响应，Belldot 正在等待
        [absent] 此桌面没有运行密钥环，Belldot 正在等待保存密码的密钥环
        [failed] 密钥环返回错误，Belldot 会再次询问
       *[locked] Belldot 正在等待密钥环：请将其解锁
    }
cause-closed = 已被服务器关闭
cause-gone = 该地址已永久失效
cause-not-an-event-stream = 返回的不是事件流，可能是网络的登录页面
cause-wants-https = 服务器在此使用 https，地址应以 https:// 开头
cause-redirect =
    { $detail ->
        [to-http] 服务器从 https 指向 http，不予跟随
        [too-many] 服务器不断指向新的地址
       *[nowhere] 服务器指向了无法跟随的地址
    }
cause-unusable =
    { $detail ->
        [scheme] 地址应以 http:// 或 https:// 开头
        [plain-credentials] 登录信息会以明文 http 发送，可能被他人读取
        [address] 该地址无法使用
       *[other] 网络设置无法使用（{ $detail }）
    }
cause-woke = 电脑刚从睡眠中唤醒
cause-network-changed = 网络发生了变化
cause-requested = 按请求重试
cause-other = 未连接 { $detail }

## Bell

bell-name = Belldot
bell-unread = { $count } 条未读待办
menu-open = 打开我的待办（{ $count }）
menu-todo-due = { $title } · { $time }
menu-todo-high = ! { $title }
menu-todo-urgent = !! { $title }
menu-try-again = 重试
menu-pause = 暂停
menu-pause-hour = 一小时
menu-pause-tomorrow = 到明天早上
menu-pause-resume = 直到我恢复
menu-paused-until = 暂停至 { $time }
menu-paused = 已暂停
menu-resume = 恢复
menu-read-all = 全部标为已读
menu-settings = 设置…
menu-about = 关于 Belldot
menu-quit = 退出

## Toasts

toast-open = 打开
toast-done = 完成
toast-snooze-quarter = 15 分钟后
toast-snooze-hour = 一小时后
toast-snooze-tomorrow = 明天
toast-digest = { $count } 条新待办
toast-private = { $count ->
    [1] 有一条新待办
   *[other] { $count } 条新待办
}
toast-many-due = { $count } 条待办已到期
toast-due = 已到期：{ $title }
toast-due-private = 有一条待办到期

## Notices

notice-title = Belldot
notice-sign-in = { $source } 需要登录。请打开设置并输入令牌。
notice-keyring =
    { $detail ->
        [silent] 密钥环没有响应。密码或令牌保存在其中的来源正在等待，其他来源照常工作。
        [absent] 此桌面没有运行密钥环。密码或令牌保存在密钥环中的来源正在等待，其他来源照常工作。
        [failed] 密钥环返回错误。密码或令牌保存在其中的来源正在等待，其他来源照常工作。
       *[locked] 密钥环已锁定。解锁后，密码或令牌保存在其中的来源会自动继续。
    }
notice-secret-elsewhere = “{ $source }”的密码或令牌是为 { $origin } 输入的，不会发送到其他地址。如果新地址需要，请在设置中重新输入。
notice-no-tray = 此桌面没有系统托盘：Belldot 改为保留一个窗口。带系统托盘的面板或 GNOME 的 AppIndicator 扩展可以让铃铛回来。
notice-no-notifier = 桌面不接受通知（{ $detail }）。铃铛仍会计数；启动通知服务后即可再次看到通知。
notice-notifier-silent = 桌面的通知服务没有响应。铃铛仍会计数，点击之前的通知依然有效；通知服务恢复后，等待中的通知会照常显示。
notice-disk-full = 磁盘已满。Belldot 已停止读取，有空间后会自动继续；不会丢失任何内容。
notice-disk-room = 磁盘又有空间了，Belldot 继续工作。
notice-corrupt = 收件箱已损坏，已保存为 { $path }。Belldot 新建了一个收件箱，服务器会重新填充它。
notice-not-opened = { $why ->
    [no-program] 此桌面上没有可以打开链接的程序。请复制以下地址：
    [no-answer] 桌面尚未确认链接是否已打开。如果没有看到浏览器，请复制以下地址：
   *[other] 桌面未能打开此链接。请复制以下地址：
}
notice-window-crashed = 窗口意外关闭。数据流仍在运行；点击可重新打开窗口。
notice-no-window = Belldot 无法打开窗口；数据流仍在运行。{ $detail }
notice-panicked = Belldot 上次意外退出。没有丢失任何待办。详情见 { $path }。
notice-inbox = 无法写入收件箱：{ $detail }
notice-not-understood = 无法理解 { $source } 的 { $count } 个事件。请在设置中检查其格式。
notice-not-utf8 = { $charset ->
    [none] { $source } 发送的文字不是 UTF-8 编码，部分字符显示为 �。请让服务器以 UTF-8 发送事件流。
   *[other] { $source } 发送的文字不是 UTF-8 编码（服务器声明为 { $charset }），部分字符显示为 �。请让服务器以 UTF-8 发送事件流。
}
notice-server-says = { $source } 提示：{ $text }
notice-refused-unknown = { $source } 已不再有“{ $title }”；您的更改仅保留在本机。
notice-refused-sign-in = { $source } 需要登录才能接受您的更改，更改会保留等待。请打开设置并输入令牌。
notice-refused-conflict = “{ $title }”同时在 { $source } 被更改；现显示服务器上的状态。
notice-refused = { $source } 没有接受您对“{ $title }”的更改（{ $detail }）；现显示服务器上的状态。

## Errors of files

error-settings-not-a-file = { $path } 不是普通文件，Belldot 不会读取它。在此处有文件之前，Belldot 使用默认设置。
error-settings-locked = 本机的管理策略无法使用，因此设置已锁定。请告知管理员。
error-settings-network = 无法使用这些网络设置：{ $detail }
error-autostart = 设置已保存，但无法让 Belldot 随会话启动：{ $detail }
error-settings-file = Belldot 无法使用 { $path }：{ $detail }。请确认该文件及其文件夹属于您。
error-settings-invalid = { $path } 第 { $line } 行：{ $detail }。在更正之前 Belldot 使用默认设置；文件保持原样。
error-settings-edit-invalid = { $path } 第 { $line } 行：{ $detail }。在更正之前 Belldot 沿用原来的设置。
notice-settings-both = 您在这里更改设置时，设置文件中的同一项也被修改了。以您的更改为准；修改过的文件已保存为 { $path }。
error-settings-no-name = 来源“{ $id }”没有名称，请为它命名。
error-settings-not-an-id = “{ $id }”不能作为来源的标识：请使用最多 64 个小写字母、数字和连字符。
error-settings-same-id = 有两个来源的标识都是“{ $id }”，请更改其中一个。
error-settings-not-a-pointer = “{ $pointer }”（来源“{ $source }”）不是 JSON Pointer；它应以“/”开头，例如 /title。
error-settings-skips-all = 来源“{ $source }”的一条忽略规则没有任何条件，会忽略所有消息。
error-settings-not-an-origin = { $url }（来源“{ $source }”）不能用作页面来源。请只写协议、主机和端口，不要使用通配符，例如 https://login.example。
error-settings-not-http = { $url }（来源“{ $source }”）不是网址；它应以 https:// 或 http:// 开头。
error-settings-not-a-header = “{ $name }”（来源“{ $source }”）不是可以发送的请求头：名称只能用字母、数字和连字符，值只能用英文字符。
error-settings-own-header = 请求头“{ $name }”由 Belldot 自行发送（来源“{ $source }”）。请移除它；密钥应填写在登录方式中。
error-settings-not-a-user = 来源“{ $source }”的用户名不能包含冒号。
error-settings-not-a-zone = 来源“{ $source }”的时区“{ $zone }”无效，应类似 Asia/Shanghai 或 Europe/Berlin。
error-settings-not-a-proxy = “{ $url }”不是代理地址，应类似 http://proxy.example:3128 或 socks5h://proxy.example:1080，且不含用户名和密码。
error-settings-never-quiet = 免打扰的开始与结束时间相同。请选择两个不同的时间，或选择整天。
error-import-invalid = { $path } 第 { $line } 行：{ $detail }。未做任何更改。
error-policy-invalid = { $path } 第 { $line } 行：{ $detail }。在更正此管理策略之前，您的服务器不会连接，设置也已锁定。请告知管理员。
error-policy-file = Belldot 无法读取管理策略 { $path }：{ $detail }。在能够读取之前，您的服务器不会连接，设置也已锁定。请告知管理员。
error-policy-not-a-file = 管理策略 { $path } 不是普通文件。在更正之前，您的服务器不会连接，设置也已锁定。请告知管理员。
error-policy-writable = 管理策略 { $path } 可被管理员以外的人修改，因此无效。在更正之前，您的服务器不会连接，设置也已锁定。请告知管理员。
error-policy-unknown-key = { $path } 第 { $line } 行：此版本的 Belldot 不认识“{ $key }”，已跳过；策略的其余部分仍然有效。
error-inbox-in-use = 另一个程序正在使用 { $path }。请先退出另一个 Belldot。
error-inbox-newer = { $path } 由较新版本的 Belldot 写入（版本 { $found }，本程序最高支持 { $known }）。请重新安装较新版本的 Belldot。
error-inbox-full = 磁盘已满。请腾出空间后重新启动 Belldot。
error-inbox-corrupt = 收件箱已损坏。请重新启动 Belldot：它会保留损坏的文件并新建一个。
error-inbox-unusable = Belldot 无法使用收件箱：{ $detail }。请确认其文件夹属于您。

## Reports

report-version = Belldot { $value }
report-time = 时间：{ $value }
report-system = 系统：{ $value }
report-desktop = 桌面：{ $value }
report-webview = WebView：{ $value }
report-settings = 设置：{ $value }
report-inbox = 收件箱：{ $value }
report-logs = 日志：{ $value }
report-notifications = 通知：{ $value }
report-notifications-taken = 桌面正常接受
report-notifications-untried = 尚未发送过
report-unread = 未读：{ $value }
report-address = 地址：{ $value }
report-attempts = 尝试次数：{ $value }
report-opened = 成功连接次数：{ $value }
report-events = 事件数：{ $value }
report-minute = 最近一分钟的事件数：{ $value }
report-skipped = 因过大而跳过的事件数：{ $value }
report-not-understood = 无法理解的事件数：{ $value }
report-a-text = 文本
report-heartbeats = 心跳数：{ $value }
report-gap = 心跳间隔（秒）：{ $value }
report-bytes = 已接收字节数：{ $value }
report-heard = 最近一次收到数据：{ $value }
report-last-id = 最后的事件 ID：{ $value }
report-imported-file = 所选文件
