<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>HITL desk {0}</source>
        <translation>HITL 工作台 {0}</translation>
    </message>
    <message>
        <source>People review and repair the trajectories of LLM agents.</source>
        <translation>由人审阅和修复大语言模型智能体的轨迹。</translation>
    </message>
    <message>
        <source>Details of this build</source>
        <translation>此构建的详情</translation>
    </message>
    <message>
        <source>&amp;Copy details</source>
        <translation>复制详情(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Licences</source>
        <translation>许可证(&amp;L)</translation>
    </message>
    <message>
        <source>Open the folder of the licences of all parts</source>
        <translation>打开所有组成部分的许可证文件夹</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>审阅(&amp;R)</translation>
    </message>
    <message>
        <source>R&amp;un</source>
        <translation>运行(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Team</source>
        <translation>团队(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Undo decision</source>
        <translation>撤销决定(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Edit step</source>
        <translation>编辑步骤(&amp;E)</translation>
    </message>
    <message>
        <source>Edit as &amp;form or JSON</source>
        <translation>以表单或 JSON 编辑(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Delete step</source>
        <translation>删除步骤(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Insert call before</source>
        <translation>在前面插入调用(&amp;I)</translation>
    </message>
    <message>
        <source>Insert &amp;message before</source>
        <translation>在前面插入消息(&amp;M)</translation>
    </message>
    <message>
        <source>Move step u&amp;p</source>
        <translation>上移步骤(&amp;P)</translation>
    </message>
    <message>
        <source>Move step do&amp;wn</source>
        <translation>下移步骤(&amp;W)</translation>
    </message>
    <message>
        <source>Lin&amp;k to a plan step…</source>
        <translation>关联到计划步骤(&amp;K)…</translation>
    </message>
    <message>
        <source>Link to &amp;no plan step</source>
        <translation>不关联任何计划步骤(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Import files…</source>
        <translation>导入文件(&amp;I)…</translation>
    </message>
    <message>
        <source>Import f&amp;older…</source>
        <translation>导入文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>Add &amp;samples…</source>
        <translation>添加示例(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>设置(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Model settings…</source>
        <translation>模型设置(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Prompts…</source>
        <translation>提示词(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Tour</source>
        <translation>导览(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>关于(&amp;A)</translation>
    </message>
    <message>
        <source>Rubric item &amp;1</source>
        <translation>评分项 &amp;1</translation>
    </message>
    <message>
        <source>Rubric item &amp;2</source>
        <translation>评分项 &amp;2</translation>
    </message>
    <message>
        <source>Rubric item &amp;3</source>
        <translation>评分项 &amp;3</translation>
    </message>
    <message>
        <source>Rubric item &amp;4</source>
        <translation>评分项 &amp;4</translation>
    </message>
    <message>
        <source>Rubric item &amp;5</source>
        <translation>评分项 &amp;5</translation>
    </message>
    <message>
        <source>Rubric item &amp;6</source>
        <translation>评分项 &amp;6</translation>
    </message>
    <message>
        <source>Rubric item &amp;7</source>
        <translation>评分项 &amp;7</translation>
    </message>
    <message>
        <source>Rubric item &amp;8</source>
        <translation>评分项 &amp;8</translation>
    </message>
    <message>
        <source>Rubric item &amp;9</source>
        <translation>评分项 &amp;9</translation>
    </message>
    <message>
        <source>Se&amp;veral</source>
        <translation>批量操作(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Approve several as they are…</source>
        <translation>批量原样批准(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Reject several…</source>
        <translation>批量拒绝(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Skip several…</source>
        <translation>批量跳过(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Flag several…</source>
        <translation>批量标记(&amp;F)…</translation>
    </message>
    <message>
        <source>Re&amp;open several…</source>
        <translation>批量重新打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Assi&amp;gn several…</source>
        <translation>批量分配(&amp;G)…</translation>
    </message>
    <message>
        <source>&amp;Accept hunk, approve and next</source>
        <translation>接受改动块，批准并转到下一条(&amp;A)</translation>
    </message>
    <message>
        <source>Accept a&amp;ll hunks and approve</source>
        <translation>接受全部改动块并批准(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Reject hunk or trajectory</source>
        <translation>拒绝改动块或轨迹(&amp;R)</translation>
    </message>
    <message>
        <source>Reject &amp;trajectory…</source>
        <translation>拒绝轨迹(&amp;T)…</translation>
    </message>
    <message>
        <source>Accept an e&amp;qual loss (lateral move)</source>
        <translation>接受相等的损失（平移）(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Override the rule…</source>
        <translation>强制接受(&amp;O)…</translation>
    </message>
    <message>
        <source>R&amp;estore this revision…</source>
        <translation>恢复此修订版(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Skip</source>
        <translation>跳过(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Flag…</source>
        <translation>标记(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Confirm gradient</source>
        <translation>确认梯度(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Move blame to step</source>
        <translation>归因到此步骤(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Nothing is wrong (before a proposal)</source>
        <translation>没有错误（查看提案之前）(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Dismiss gradient</source>
        <translation>排除梯度(&amp;D)</translation>
    </message>
    <message>
        <source>Add &amp;gradient…</source>
        <translation>添加梯度(&amp;G)…</translation>
    </message>
    <message>
        <source>Fa&amp;ilure class…</source>
        <translation>失败类别(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;Inspect</source>
        <translation>检查(&amp;I)</translation>
    </message>
    <message>
        <source>Inspect &amp;all in the queue</source>
        <translation>检查队列中的全部轨迹(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Propose a repair (offline)</source>
        <translation>提出修复（离线）(&amp;P)</translation>
    </message>
    <message>
        <source>Propose with the &amp;model</source>
        <translation>用模型提出修复(&amp;M)</translation>
    </message>
    <message>
        <source>Continue from &amp;here…</source>
        <translation>从此处续跑(&amp;H)…</translation>
    </message>
    <message>
        <source>&amp;What was sent…</source>
        <translation>已发送的内容(&amp;W)…</translation>
    </message>
    <message>
        <source>&amp;New tasks with plans…</source>
        <translation>新建带计划的任务(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>验证(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Runs…</source>
        <translation>运行(&amp;R)…</translation>
    </message>
    <message>
        <source>Plan tr&amp;ees…</source>
        <translation>计划树(&amp;E)…</translation>
    </message>
    <message>
        <source>Ca&amp;scades of two models…</source>
        <translation>两个模型的级联(&amp;S)…</translation>
    </message>
    <message>
        <source>Stop the r&amp;un</source>
        <translation>停止运行(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Go to the question of the run</source>
        <translation>转到运行的提问(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Lock the steps before this one</source>
        <translation>锁定此步骤之前的步骤(&amp;L)</translation>
    </message>
    <message>
        <source>Add a missed &amp;constraint…</source>
        <translation>添加遗漏的约束(&amp;C)…</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Next trajectory</source>
        <translation>下一条轨迹(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Previous trajectory</source>
        <translation>上一条轨迹(&amp;P)</translation>
    </message>
    <message>
        <source>Next pan&amp;e</source>
        <translation>下一个窗格(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Fold step out or in</source>
        <translation>展开或折叠步骤(&amp;F)</translation>
    </message>
    <message>
        <source>Full &amp;difference of the candidate…</source>
        <translation>候选的完整差异(&amp;D)…</translation>
    </message>
    <message>
        <source>Co&amp;mpare revisions…</source>
        <translation>比较修订版(&amp;M)…</translation>
    </message>
    <message>
        <source>Pic&amp;tures…</source>
        <translation>图示(&amp;T)…</translation>
    </message>
    <message>
        <source>Plan &amp;history…</source>
        <translation>计划的演变(&amp;H)…</translation>
    </message>
    <message>
        <source>Rew&amp;ards…</source>
        <translation>奖励(&amp;A)…</translation>
    </message>
    <message>
        <source>G&amp;uidelines</source>
        <translation>指南(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Query</source>
        <translation>查询(&amp;Q)</translation>
    </message>
    <message>
        <source>Pick a &amp;view…</source>
        <translation>选择视图(&amp;V)…</translation>
    </message>
    <message>
        <source>&amp;Save this view…</source>
        <translation>保存此视图(&amp;S)…</translation>
    </message>
    <message>
        <source>Command pa&amp;lette…</source>
        <translation>命令面板(&amp;L)…</translation>
    </message>
    <message>
        <source>Theme of the s&amp;ystem</source>
        <translation>跟随系统主题(&amp;Y)</translation>
    </message>
    <message>
        <source>Theme: li&amp;ght</source>
        <translation>主题：浅色(&amp;G)</translation>
    </message>
    <message>
        <source>Theme: dar&amp;k</source>
        <translation>主题：深色(&amp;K)</translation>
    </message>
    <message>
        <source>Theme: high &amp;contrast</source>
        <translation>主题：高对比度(&amp;C)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>Zoom &amp;reset</source>
        <translation>恢复默认缩放(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Assign…</source>
        <translation>分配(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Merge a colleague&apos;s store…</source>
        <translation>合并同事的存储库(&amp;M)…</translation>
    </message>
    <message>
        <source>A&amp;greement and disputes…</source>
        <translation>一致性与争议(&amp;G)…</translation>
    </message>
    <message>
        <source>Gold &amp;items…</source>
        <translation>金标项(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;Reliance on proposals…</source>
        <translation>对提案的依赖(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Dashboard…</source>
        <translation>仪表板(&amp;D)…</translation>
    </message>
</context>
<context>
    <name>AddGradientDialog</name>
    <message>
        <source>Add a textual gradient</source>
        <translation>添加文本梯度</translation>
    </message>
    <message>
        <source>What is wrong, and by which rule</source>
        <translation>哪里有错，违反哪条规则</translation>
    </message>
    <message>
        <source>What should be done instead (may stay empty)</source>
        <translation>应当怎样做（可以留空）</translation>
    </message>
    <message>
        <source>&amp;Concerns</source>
        <translation>涉及(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Step</source>
        <translation>步骤(&amp;S)</translation>
    </message>
    <message>
        <source>C&amp;ritique</source>
        <translation>批评意见(&amp;R)</translation>
    </message>
    <message>
        <source>S&amp;uggested edit</source>
        <translation>建议的修改(&amp;U)</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>It is kept under your name, beside what the checks found.</source>
        <translation>它会以您的名义保存，与检查发现的问题并列。</translation>
    </message>
</context>
<context>
    <name>AgreementPage</name>
    <message>
        <source>Measuring…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>&amp;Measure again</source>
        <translation>重新计算(&amp;M)</translation>
    </message>
    <message>
        <source>Agreement by question</source>
        <translation>各问题的一致性</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Answered by several</source>
        <translation>多人回答</translation>
    </message>
    <message>
        <source>Equal</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>Krippendorff&apos;s alpha</source>
        <translation>Krippendorff α</translation>
    </message>
    <message>
        <source>Agreement by pair</source>
        <translation>两两一致性</translation>
    </message>
    <message>
        <source>Pair and question</source>
        <translation>两人与问题</translation>
    </message>
    <message>
        <source>Both answered</source>
        <translation>双方均回答</translation>
    </message>
    <message>
        <source>Cohen&apos;s kappa</source>
        <translation>Cohen κ</translation>
    </message>
    <message>
        <source>Different verdicts</source>
        <translation>裁定不同</translation>
    </message>
    <message>
        <source>Trajectory</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <source>Stands</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Who said what</source>
        <translation>各人的裁定</translation>
    </message>
    <message>
        <source>disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <source>settled</source>
        <translation>已裁决</translation>
    </message>
    <message>
        <source>Only decisions that people made without sight of each other count. 1 is perfect agreement, 0 is what chance gives. Return opens a disputed trajectory: whoever decides there settles it.</source>
        <translation>只统计互不知情时做出的决定。1 表示完全一致，0 表示与随机相当。按回车键打开有争议的轨迹：在那里做出决定的人即为裁决者。</translation>
    </message>
    <message>
        <source>No trajectory was decided on by two people without sight of each other yet. Assign some to several people, or merge a colleague&apos;s store.</source>
        <translation>还没有任何轨迹由两人在互不知情时做过决定。请把一些轨迹分配给多人，或合并同事的存储库。</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>The desk cannot start</source>
        <translation>工作台无法启动</translation>
    </message>
</context>
<context>
    <name>ArgumentProblem</name>
    <message>
        <source>the whole</source>
        <translation>整体</translation>
    </message>
    <message>
        <source>{0} must be {1}, not {2}</source>
        <translation>{0} 必须是 {1}，而不是 {2}</translation>
    </message>
    <message>
        <source>{0} must be one of {1}, not {2}</source>
        <translation>{0} 必须是 {1} 之一，而不是 {2}</translation>
    </message>
    <message>
        <source>{0} is missing</source>
        <translation>缺少 {0}</translation>
    </message>
    <message>
        <source>{1} has no {0}</source>
        <translation>{1} 没有 {0}</translation>
    </message>
    <message>
        <source>{0} is not an argument</source>
        <translation>{0} 不是参数</translation>
    </message>
    <message>
        <source>{0} must be at least {1}, not {2}</source>
        <translation>{0} 至少为 {1}，而不是 {2}</translation>
    </message>
    <message>
        <source>{0} must be at most {1}, not {2}</source>
        <translation>{0} 至多为 {1}，而不是 {2}</translation>
    </message>
    <message>
        <source>{0} may have {1} characters at most</source>
        <translation>{0} 最多 {1} 个字符</translation>
    </message>
</context>
<context>
    <name>AssignPage</name>
    <message>
        <source>anna, ben, chen</source>
        <translation>anna, ben, chen</translation>
    </message>
    <message>
        <source>&amp;Query of the trajectories</source>
        <translation>轨迹查询(&amp;Q)</translation>
    </message>
    <message>
        <source>A&amp;nnotators, separated by commas</source>
        <translation>标注员（用逗号分隔）(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;People for each trajectory</source>
        <translation>每条轨迹的人数(&amp;P)</translation>
    </message>
    <message>
        <source>Share that &amp;overlaps</source>
        <translation>重叠比例(&amp;O)</translation>
    </message>
    <message>
        <source>Peop&amp;le for an overlapping one</source>
        <translation>重叠轨迹的人数(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Seed</source>
        <translation>随机种子(&amp;S)</translation>
    </message>
    <message>
        <source>What each person gets</source>
        <translation>每人分到的轨迹</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>标注员</translation>
    </message>
    <message>
        <source>Has</source>
        <translation>已有</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>&amp;Assign</source>
        <translation>分配(&amp;A)</translation>
    </message>
    <message>
        <source>Trajectories that several people decide on by themselves show how far they agree. What is assigned already stays as it is.</source>
        <translation>由多人各自独立决定的轨迹可以显示他们的一致程度。已有的分配保持不变。</translation>
    </message>
    <message>
        <source>Name at least one annotator.</source>
        <translation>请至少填写一名标注员。</translation>
    </message>
    <message>
        <source>Trajectories: {0}. Assigned already: {1}. Decided on by several: {2}. New assignments: {3}.</source>
        <translation>轨迹：{0}。已分配：{1}。由多人决定：{2}。新的分配：{3}。</translation>
    </message>
</context>
<context>
    <name>CandidatesDialog</name>
    <message>
        <source>Choose a candidate</source>
        <translation>选择候选</translation>
    </message>
    <message>
        <source>A number key or Return chooses. Esc leaves the question waiting.</source>
        <translation>按数字键或回车键选择。按 Esc 让提问继续等待。</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Plan and steps of candidate {0}</source>
        <translation>候选 {0} 的计划与步骤</translation>
    </message>
    <message>
        <source>Choose {0}</source>
        <translation>选择 {0}</translation>
    </message>
</context>
<context>
    <name>ClassesDialog</name>
    <message>
        <source>Failure classes</source>
        <translation>失败类别</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>What fails</source>
        <translation>失败之处</translation>
    </message>
    <message>
        <source>Words that tell it</source>
        <translation>识别用词</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>As s&amp;hipped</source>
        <translation>恢复默认(&amp;H)</translation>
    </message>
    <message>
        <source>Words are separated by commas; a finding or a failed step that has one tells the class.</source>
        <translation>用词以逗号分隔；判定结果或失败的步骤中出现其一，即归入该类别。</translation>
    </message>
</context>
<context>
    <name>CommandLine</name>
    <message>
        <source>The same on the command line</source>
        <translation>等效的命令行</translation>
    </message>
    <message>
        <source>Copy co&amp;mmand</source>
        <translation>复制命令(&amp;M)</translation>
    </message>
</context>
<context>
    <name>CompareWindow</name>
    <message>
        <source>Differences: {0}</source>
        <translation>差异：{0}</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Goals and constraints that changed</source>
        <translation>有变化的目标和约束</translation>
    </message>
    <message>
        <source>S&amp;wap</source>
        <translation>交换(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Previous difference (p)</source>
        <translation>上一处差异(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Next difference (n)</source>
        <translation>下一处差异(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Before</source>
        <translation>之前(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;After</source>
        <translation>之后(&amp;A)</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>No goal or constraint is judged otherwise.</source>
        <translation>所有目标和约束的判定均未改变。</translation>
    </message>
    <message>
        <source>Not inspected.</source>
        <translation>未检查。</translation>
    </message>
    <message>
        <source>○ no longer judged: {0}</source>
        <translation>○ 不再判定：{0}</translation>
    </message>
    <message>
        <source>✓ now met: {0}</source>
        <translation>✓ 现已满足：{0}</translation>
    </message>
    <message>
        <source>✕ now unmet: {0}</source>
        <translation>✕ 现未满足：{0}</translation>
    </message>
    <message>
        <source>changed: {0}</source>
        <translation>更改：{0}</translation>
    </message>
    <message>
        <source>added: {0}</source>
        <translation>新增：{0}</translation>
    </message>
    <message>
        <source>removed: {0}</source>
        <translation>移除：{0}</translation>
    </message>
    <message>
        <source>moved: {0}</source>
        <translation>移动：{0}</translation>
    </message>
    <message>
        <source>only answered otherwise: {0}</source>
        <translation>仅回答不同：{0}</translation>
    </message>
    <message>
        <source>equal: {0}</source>
        <translation>相同：{0}</translation>
    </message>
    <message>
        <source>Difference {0} of {1}</source>
        <translation>差异 {0}/{1}</translation>
    </message>
</context>
<context>
    <name>Completion</name>
    <message>
        <source>Suggestions</source>
        <translation>建议</translation>
    </message>
</context>
<context>
    <name>ConnectionPage</name>
    <message>
        <source>As the &amp;default model</source>
        <translation>与默认模型相同(&amp;D)</translation>
    </message>
    <message>
        <source>What the server can do</source>
        <translation>服务器的能力</translation>
    </message>
    <message>
        <source>Test the connection to see what the server can do.</source>
        <translation>测试连接以查看服务器的能力。</translation>
    </message>
    <message>
        <source>&amp;Test connection</source>
        <translation>测试连接(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Whose model</source>
        <translation>哪个角色的模型</translation>
    </message>
    <message>
        <source>Default: whatever has no model of its own</source>
        <translation>默认：没有自己模型的一切角色</translation>
    </message>
    <message>
        <source>Planner: writes plans, and writes them anew</source>
        <translation>规划者：制定计划，并重新规划</translation>
    </message>
    <message>
        <source>Executor: acts under a plan</source>
        <translation>执行者：按计划行动</translation>
    </message>
    <message>
        <source>Judge: scores plans and what was done</source>
        <translation>评判者：为计划和执行情况打分</translation>
    </message>
    <message>
        <source>Small model of a cascade</source>
        <translation>级联中的小模型</translation>
    </message>
    <message>
        <source>Large model of a cascade</source>
        <translation>级联中的大模型</translation>
    </message>
    <message>
        <source>&amp;Whose model</source>
        <translation>哪个角色的模型(&amp;W)</translation>
    </message>
    <message>
        <source>HITL_APP_BASE_URL is set: {0} is asked, whatever stands here.</source>
        <translation>已设置 HITL_APP_BASE_URL：无论此处填写什么，都向 {0} 发送请求。</translation>
    </message>
    <message>
        <source>HITL_APP_MODEL is set: {0} is asked for, whatever stands here.</source>
        <translation>已设置 HITL_APP_MODEL：无论此处填写什么，都使用 {0}。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>Saved: the default model plays this role.</source>
        <translation>已保存：由默认模型担任该角色。</translation>
    </message>
    <message>
        <source>The test was stopped.</source>
        <translation>测试已停止。</translation>
    </message>
    <message>
        <source>Save what was typed, or close and lose it, before another model is shown.</source>
        <translation>在显示另一个模型之前，请保存所输入的内容，或关闭并放弃。</translation>
    </message>
    <message>
        <source>The price is missing: without it the cost of a cascade cannot be shown.</source>
        <translation>缺少价格：没有价格就无法显示级联的费用。</translation>
    </message>
    <message>
        <source>✕ The connection does not work: {0}</source>
        <translation>✕ 连接不可用：{0}</translation>
    </message>
    <message>
        <source>✓ The connection works.</source>
        <translation>✓ 连接正常。</translation>
    </message>
    <message>
        <source>streams its answers</source>
        <translation>流式返回回答</translation>
    </message>
    <message>
        <source>calls tools</source>
        <translation>调用工具</translation>
    </message>
    <message>
        <source>fits answers to a JSON schema</source>
        <translation>按 JSON Schema 返回回答</translation>
    </message>
    <message>
        <source>counts tokens (otherwise they are estimated)</source>
        <translation>统计 token 数（否则只能估算）</translation>
    </message>
    <message>
        <source>takes a seed</source>
        <translation>接受随机种子</translation>
    </message>
    <message>
        <source>? not tried:</source>
        <translation>? 未尝试：</translation>
    </message>
    <message>
        <source>✓ yes:</source>
        <translation>✓ 支持：</translation>
    </message>
    <message>
        <source>✕ no:</source>
        <translation>✕ 不支持：</translation>
    </message>
    <message>
        <source>by a JSON schema</source>
        <translation>通过 JSON Schema</translation>
    </message>
    <message>
        <source>as the arguments of a tool call</source>
        <translation>作为工具调用的参数</translation>
    </message>
    <message>
        <source>in the text, where they are looked for</source>
        <translation>在文本中查找</translation>
    </message>
    <message>
        <source>Structured answers are asked for {0}.</source>
        <translation>请求结构化回答的方式：{0}。</translation>
    </message>
    <message>
        <source>A short answer took {0} s.</source>
        <translation>一次简短回答用时 {0} 秒。</translation>
    </message>
    <message>
        <source>
Details of the test</source>
        <translation>
测试详情</translation>
    </message>
    <message>
        <source>S&amp;top the test</source>
        <translation>停止测试(&amp;T)</translation>
    </message>
    <message>
        <source>◌ Asking {0}…</source>
        <translation>◌ 正在询问 {0}…</translation>
    </message>
    <message>
        <source>Name the model. Test the connection to see which ones the server names.</source>
        <translation>请填写模型名称。测试连接可查看服务器提供的模型。</translation>
    </message>
</context>
<context>
    <name>ContinueDialog</name>
    <message>
        <source>Continue from here</source>
        <translation>从此处续跑</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>次数</translation>
    </message>
    <message>
        <source>Who speaks for the user</source>
        <translation>由谁代表用户发言</translation>
    </message>
    <message>
        <source>no ceiling</source>
        <translation>无上限</translation>
    </message>
    <message>
        <source>Ceiling of tokens, all branches together</source>
        <translation>所有分支合计的 token 上限</translation>
    </message>
    <message>
        <source>How &amp;often</source>
        <translation>次数(&amp;O)</translation>
    </message>
    <message>
        <source>The &amp;user is</source>
        <translation>用户由谁扮演(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Tokens at most</source>
        <translation>token 上限(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Plan anew first</source>
        <translation>先重新规划(&amp;P)</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>续跑</translation>
    </message>
    <message>
        <source>All steps stay, and the model goes on behind them.</source>
        <translation>保留全部步骤，模型在其后继续。</translation>
    </message>
    <message>
        <source>The steps before step {0} stay. In the place of it ({1}) and of all behind, the model acts.</source>
        <translation>保留步骤 {0} 之前的步骤。该步骤（{1}）及其后的所有步骤改由模型执行。</translation>
    </message>
    <message>
        <source>Each branch is executed, judged and listed among the revisions; nothing is approved.</source>
        <translation>每个分支都会被执行、评判并列入修订版；不会批准任何内容。</translation>
    </message>
    <message>
        <source>the recorded words, while they fit</source>
        <translation>记录中的话（只要仍然适用）</translation>
    </message>
    <message>
        <source>the recorded words, then a second model</source>
        <translation>先用记录中的话，再由第二个模型扮演</translation>
    </message>
    <message>
        <source>the recorded words, then I</source>
        <translation>先用记录中的话，再由我扮演</translation>
    </message>
    <message>
        <source>a second model, with the task&apos;s scenario</source>
        <translation>第二个模型（依据任务的情景）</translation>
    </message>
    <message>
        <source>I</source>
        <translation>我</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无人</translation>
    </message>
</context>
<context>
    <name>Coordination</name>
    <message>
        <source>plan executable: not measured</source>
        <translation>计划可执行性：未测得</translation>
    </message>
    <message>
        <source>plan executable: {0} of {1} runs</source>
        <translation>计划可执行性：{0}（{1} 次执行）</translation>
    </message>
    <message>
        <source>Not measured: it takes two executions of a plan. Those of this one: {0}.</source>
        <translation>未测得：需要对同一计划执行两次。该计划的执行次数：{0}。</translation>
    </message>
    <message>
        <source>c_p: how alike the {0} executions of this plan are, from 0 to 1. It is no measure of success: a good other way lowers it, too.</source>
        <translation>c_p：该计划的 {0} 次执行有多相似，0 到 1。它不衡量成功：另一种好的做法也会使它降低。</translation>
    </message>
    <message>
        <source>plan followed: not measured</source>
        <translation>计划遵循度：未测得</translation>
    </message>
    <message>
        <source>plan followed: {0}</source>
        <translation>计划遵循度：{0}</translation>
    </message>
    <message>
        <source>Not measured: nothing says which steps carry out which plan steps.</source>
        <translation>未测得：不知道哪些步骤执行了哪些计划步骤。</translation>
    </message>
    <message>
        <source>c_tau: how far the plan&apos;s steps were carried out in their order, from 0 to 1, by the links below. It is no measure of success: a good other way lowers it, too.</source>
        <translation>c_tau：按下方的关联，计划步骤在多大程度上依次得到执行，0 到 1。它不衡量成功：另一种好的做法也会使它降低。</translation>
    </message>
    <message>
        <source>executor {0}</source>
        <translation>执行者 {0}</translation>
    </message>
    <message>
        <source>planner {0}</source>
        <translation>规划者 {0}</translation>
    </message>
    <message>
        <source>training weight: {0}</source>
        <translation>训练权重：{0}</translation>
    </message>
    <message>
        <source>What CoPE&apos;s training data counts it by: for an executor how far the plan was followed, for a planner how much more alike this plan is executed than the one before. It says nothing about success.</source>
        <translation>CoPE 训练数据中的权重：对执行者是计划遵循的程度，对规划者是该计划的执行比之前的计划相似多少。它与成功与否无关。</translation>
    </message>
</context>
<context>
    <name>Crash</name>
    <message>
        <source>Something went wrong: {0}. What was saved is on record.</source>
        <translation>出现问题：{0}。已保存的内容均已记录。</translation>
    </message>
    <message>
        <source>The desk ended without closing last time. What was saved is on record, and drafts are kept.</source>
        <translation>工作台上次未正常关闭就已结束。已保存的内容均已记录，草稿也已保留。</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>The desk crashed</source>
        <translation>工作台曾崩溃</translation>
    </message>
    <message>
        <source>The desk met an error that nobody expected, at {0} (UTC).</source>
        <translation>工作台在 {0}（UTC）遇到意外错误。</translation>
    </message>
    <message>
        <source>Every decision that was shown as saved is on record, and drafts are kept as they were typed. The report below stays on this machine: nothing was sent, and nothing will be. If you wish to tell of the crash, save it as a file and attach that. Read it first, because it may quote from a trajectory.</source>
        <translation>所有显示为已保存的决定都已记录在案，草稿按输入原样保留。下面的报告只留在这台机器上：没有发送任何内容，今后也不会发送。如果您想报告此次崩溃，请将其保存为文件并附上。请先阅读，因为其中可能引用了轨迹的内容。</translation>
    </message>
    <message>
        <source>Details of the crash</source>
        <translation>崩溃详情</translation>
    </message>
    <message>
        <source>&amp;Save report…</source>
        <translation>保存报告(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Copy details</source>
        <translation>复制详情(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Open the folder</source>
        <translation>打开文件夹(&amp;O)</translation>
    </message>
</context>
<context>
    <name>Dashboard</name>
    <message>
        <source>There is no trajectory here yet: import runs, or widen the query.</source>
        <translation>这里还没有轨迹：请导入运行记录，或放宽查询条件。</translation>
    </message>
    <message>
        <source>Nothing was decided here yet: what you decide is counted from now on.</source>
        <translation>这里还没有任何决定：从现在起统计您的决定。</translation>
    </message>
    <message>
        <source>Lineages: {0}, of those settled: {1}. Decisions: {2}.</source>
        <translation>谱系：{0}，其中已裁决：{1}。决定：{2}。</translation>
    </message>
</context>
<context>
    <name>DashboardDesk</name>
    <message>
        <source>Stopped. Refresh counts again.</source>
        <translation>已停止。刷新即可重新统计。</translation>
    </message>
    <message>
        <source>The figures could not be counted: {0}</source>
        <translation>无法统计数据：{0}</translation>
    </message>
</context>
<context>
    <name>DashboardWindow</name>
    <message>
        <source>Dashboard</source>
        <translation>仪表板</translation>
    </message>
    <message>
        <source>Query, as in the queue; empty for everything</source>
        <translation>查询（写法同队列；留空表示全部）</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>标注员</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>All the time</source>
        <translation>全部时间</translation>
    </message>
    <message>
        <source>Today (UTC)</source>
        <translation>今天（UTC）</translation>
    </message>
    <message>
        <source>The last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>The last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>The last 90 days</source>
        <translation>最近 90 天</translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation>刷新(&amp;R)</translation>
    </message>
    <message>
        <source>Save figures as &amp;JSON…</source>
        <translation>将数据保存为 JSON(&amp;J)…</translation>
    </message>
    <message>
        <source>Save figures as &amp;CSV…</source>
        <translation>将数据保存为 CSV(&amp;C)…</translation>
    </message>
    <message>
        <source>Cance&amp;l</source>
        <translation>取消(&amp;L)</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>&amp;Annotator</source>
        <translation>标注员(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Time</source>
        <translation>时间(&amp;T)</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Decisions and losses</source>
        <translation>决定与损失</translation>
    </message>
    <message>
        <source>Agreement and trust</source>
        <translation>一致性与信任</translation>
    </message>
    <message>
        <source>Counting</source>
        <translation>正在统计</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>所有人</translation>
    </message>
    <message>
        <source>Counting… entries of the ledger: {0}</source>
        <translation>正在统计…账本条目：{0}</translation>
    </message>
</context>
<context>
    <name>DecisionBar</name>
    <message>
        <source>Reject…</source>
        <translation>拒绝…</translation>
    </message>
    <message>
        <source>Override…</source>
        <translation>强制接受…</translation>
    </message>
    <message>
        <source>Approve and next</source>
        <translation>批准并转到下一条</translation>
    </message>
    <message>
        <source>◌ running…</source>
        <translation>◌ 运行中…</translation>
    </message>
    <message>
        <source>1 hunk undecided</source>
        <translation>1 个改动块未决定</translation>
    </message>
    <message>
        <source>{0} hunks undecided</source>
        <translation>{0} 个改动块未决定</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>losses unchanged</source>
        <translation>损失未变</translation>
    </message>
    <message>
        <source>out of date</source>
        <translation>已过时</translation>
    </message>
    <message>
        <source>✓ meets everything, executed in {0}</source>
        <translation>✓ 全部满足，执行用时 {0}</translation>
    </message>
    <message>
        <source>UNVERIFIED</source>
        <translation>未通过验证</translation>
    </message>
    <message>
        <source>{0} as it is</source>
        <translation>{0}（保持原样）</translation>
    </message>
    <message>
        <source>Take the candidate</source>
        <translation>采用候选</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>不采用</translation>
    </message>
    <message>
        <source>Continue the run</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Reject the proposal</source>
        <translation>拒绝提案</translation>
    </message>
    <message>
        <source>First mark where it goes wrong</source>
        <translation>请先标出哪里出错</translation>
    </message>
    <message>
        <source>The run is at work</source>
        <translation>运行正在进行</translation>
    </message>
    <message>
        <source>Decide on every hunk first</source>
        <translation>请先对每个改动块做出决定</translation>
    </message>
    <message>
        <source>There is nothing to approve yet</source>
        <translation>还没有可批准的内容</translation>
    </message>
    <message>
        <source>The candidate is still running</source>
        <translation>候选仍在执行</translation>
    </message>
    <message>
        <source>The rule refuses it: override, with a reason</source>
        <translation>规则不接受：可填写理由强制接受</translation>
    </message>
    <message>
        <source>The loss is equal: accept it as a lateral move ({0}), or override, with a reason</source>
        <translation>损失相等：可作为平移接受（{0}），或填写理由强制接受</translation>
    </message>
    <message>
        <source>It is not verified as it is: repair it, or override with a reason</source>
        <translation>按原样未通过验证：请修复，或填写理由强制接受</translation>
    </message>
</context>
<context>
    <name>DeskSession</name>
    <message>
        <source>This is the last one.</source>
        <translation>已是最后一条。</translation>
    </message>
    <message>
        <source>This is the first one.</source>
        <translation>已是第一条。</translation>
    </message>
    <message>
        <source>The rule refuses this candidate: {0}. To accept it all the same, override.</source>
        <translation>规则不接受此候选：{0}。如仍要接受，请使用“强制接受”。</translation>
    </message>
    <message>
        <source>This is no lateral move: {0}.</source>
        <translation>这不是平移：{0}。</translation>
    </message>
    <message>
        <source>This trajectory is not verified as it is. Repair it, or override with a reason.</source>
        <translation>此轨迹按原样未通过验证。请修复，或填写理由强制接受。</translation>
    </message>
    <message>
        <source>Saved: approved as it is</source>
        <translation>已保存：原样批准</translation>
    </message>
    <message>
        <source>Hunks still undecided: {0}.</source>
        <translation>尚未决定的改动块：{0}。</translation>
    </message>
    <message>
        <source>The candidate is still being inspected.</source>
        <translation>候选仍在检查中。</translation>
    </message>
    <message>
        <source>The candidate was not inspected: run Inspect, or change the hunks.</source>
        <translation>候选尚未检查：请运行“检查”，或更改改动块。</translation>
    </message>
    <message>
        <source>There is nothing to approve yet: the hunks that are left change nothing.</source>
        <translation>还没有可批准的内容：剩下的改动块没有改变任何东西。</translation>
    </message>
    <message>
        <source>Saved: approved against the rule</source>
        <translation>已保存：违反规则强制接受</translation>
    </message>
    <message>
        <source>Saved: approved</source>
        <translation>已保存：批准</translation>
    </message>
    <message>
        <source>Saved: rejected</source>
        <translation>已保存：拒绝</translation>
    </message>
    <message>
        <source>Saved: skipped</source>
        <translation>已保存：跳过</translation>
    </message>
    <message>
        <source>Saved: flagged</source>
        <translation>已保存：标记</translation>
    </message>
    <message>
        <source>{0}. Nothing in this queue is left to do.</source>
        <translation>{0}。此队列已全部处理完毕。</translation>
    </message>
    <message>
        <source>Undone: {0}</source>
        <translation>已撤销：{0}</translation>
    </message>
    <message>
        <source>Undone: {0}, on {1} trajectories</source>
        <translation>已撤销：{0}，涉及 {1} 条轨迹</translation>
    </message>
    <message>
        <source>Saved: confirmed</source>
        <translation>已保存：确认</translation>
    </message>
    <message>
        <source>Saved: dismissed</source>
        <translation>已保存：排除</translation>
    </message>
    <message>
        <source>Saved: blame moved</source>
        <translation>已保存：归因已移动</translation>
    </message>
    <message>
        <source>Saved: gradient added</source>
        <translation>已保存：梯度已添加</translation>
    </message>
    <message>
        <source>The replay came out differently from the last inspection.</source>
        <translation>重放结果与上次检查不同。</translation>
    </message>
    <message>
        <source>Nothing was judged: this environment has no goal or constraint for the task.</source>
        <translation>没有判定任何内容：此环境对该任务没有目标或约束。</translation>
    </message>
    <message>
        <source>Verified: every goal and hard constraint holds.</source>
        <translation>已验证：所有目标和硬约束均成立。</translation>
    </message>
    <message>
        <source>UNVERIFIED: goals and constraints that do not hold: {0}</source>
        <translation>未通过验证：不成立的目标和约束：{0}</translation>
    </message>
</context>
<context>
    <name>DiffView</name>
    <message>
        <source>Steps of both side by side</source>
        <translation>双方步骤并排显示</translation>
    </message>
</context>
<context>
    <name>Difference</name>
    <message>
        <source>⋯ {0} equal steps</source>
        <translation>⋯ {0} 个相同步骤</translation>
    </message>
    <message>
        <source>⋯ more than is shown here: fold the step out in the plan to read all of it</source>
        <translation>⋯ 此处未全部显示：在计划中展开该步骤可阅读全文</translation>
    </message>
    <message>
        <source>step {0}</source>
        <translation>步骤 {0}</translation>
    </message>
    <message>
        <source>before: {0}</source>
        <translation>之前：{0}</translation>
    </message>
    <message>
        <source>after: {0}</source>
        <translation>之后：{0}</translation>
    </message>
    <message>
        <source>✎ changed</source>
        <translation>✎ 更改</translation>
    </message>
    <message>
        <source>≠ other answer</source>
        <translation>≠ 回答不同</translation>
    </message>
    <message>
        <source>+ added</source>
        <translation>+ 新增</translation>
    </message>
    <message>
        <source>− removed</source>
        <translation>− 移除</translation>
    </message>
    <message>
        <source>↷ moved here from {0}</source>
        <translation>↷ 从 {0} 移到此处</translation>
    </message>
    <message>
        <source>↷ moved to {0}</source>
        <translation>↷ 移到 {0}</translation>
    </message>
</context>
<context>
    <name>DisputeBar</name>
    <message>
        <source>Compare…</source>
        <translation>比较…</translation>
    </message>
    <message>
        <source>Dispute</source>
        <translation>争议</translation>
    </message>
    <message>
        <source>Disputed. {0}. Your decision settles it: open a revision to approve it, edit, or reject.</source>
        <translation>有争议。{0}。您的决定即为裁决：打开某个修订版将其批准，或编辑，或拒绝。</translation>
    </message>
    <message>
        <source>{0}: {1}, revision {2}</source>
        <translation>{0}：{1}，修订版 {2}</translation>
    </message>
</context>
<context>
    <name>EditingBench</name>
    <message>
        <source>This hunk changes several steps at once: edit or delete the steps one by one.</source>
        <translation>此改动块同时更改多个步骤：请逐个编辑或删除这些步骤。</translation>
    </message>
    <message>
        <source>The step cannot be kept as it is: {0}.</source>
        <translation>该步骤无法按现状保留：{0}。</translation>
    </message>
</context>
<context>
    <name>EmptyPage</name>
    <message>
        <source>Propose a repair ({0})</source>
        <translation>提出修复（{0}）</translation>
    </message>
    <message>
        <source>Propose with the model ({0})</source>
        <translation>用模型提出修复（{0}）</translation>
    </message>
    <message>
        <source>Edit a step by hand ({0})</source>
        <translation>手动编辑步骤（{0}）</translation>
    </message>
    <message>
        <source>What was tried</source>
        <translation>尝试过的方案</translation>
    </message>
    <message>
        <source>Nothing is open.</source>
        <translation>未打开任何轨迹。</translation>
    </message>
    <message>
        <source>Nothing better was found. {0} candidates were tried.</source>
        <translation>没有找到更好的方案。已尝试 {0} 个候选。</translation>
    </message>
    <message>
        <source>There is no proposal yet.</source>
        <translation>还没有修复提案。</translation>
    </message>
</context>
<context>
    <name>EndpointForm</name>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Answers that I paste</source>
        <translation>由我粘贴的回答</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>基础 URL</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Forget the key</source>
        <translation>清除密钥</translation>
    </message>
    <message>
        <source>Price of a million tokens in, in US dollars</source>
        <translation>每百万输入 token 的价格（美元）</translation>
    </message>
    <message>
        <source>Price of a million tokens out, in US dollars</source>
        <translation>每百万输出 token 的价格（美元）</translation>
    </message>
    <message>
        <source>Seconds without an answer before an attempt is given up</source>
        <translation>无响应多少秒后放弃一次尝试</translation>
    </message>
    <message>
        <source>Attempts after the first one</source>
        <translation>首次之后的尝试次数</translation>
    </message>
    <message>
        <source>Calls at the same time</source>
        <translation>同时进行的调用数</translation>
    </message>
    <message>
        <source>No server is asked: each question is shown to you, you put it to any chat that you have, and paste the answer. The model&apos;s name is what you call it.</source>
        <translation>不询问任何服务器：每个问题都会显示给您，您把它交给任意的聊天工具，再粘贴回答。模型名称由您自定。</translation>
    </message>
    <message>
        <source>Ser&amp;ver</source>
        <translation>服务器(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Base URL</source>
        <translation>基础 URL(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>密钥(&amp;K)</translation>
    </message>
    <message>
        <source>US dollars per million tokens, as your provider lists them; 0 where nothing is charged. Without them no price is known: money is not counted, and cannot be a ceiling.</source>
        <translation>每百万 token 的美元价格，以服务商公布的为准；不收费则填 0。不填则价格未知：不统计费用，也不能设费用上限。</translation>
    </message>
    <message>
        <source>&amp;Price in, out</source>
        <translation>输入、输出价格(&amp;P)</translation>
    </message>
    <message>
        <source>T&amp;imeout</source>
        <translation>超时(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Retries</source>
        <translation>重试次数(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;At a time</source>
        <translation>并发数(&amp;A)</translation>
    </message>
    <message>
        <source>The environment variable HITL_APP_API_KEY holds the key, before any other.</source>
        <translation>密钥取自环境变量 HITL_APP_API_KEY，优先于其他来源。</translation>
    </message>
    <message>
        <source>The key is kept in this system&apos;s keyring.</source>
        <translation>密钥保存在本系统的密钥环中。</translation>
    </message>
    <message>
        <source>There is no keyring here: the key is kept until the desk is closed, and nowhere else.</source>
        <translation>此处没有密钥环：密钥只保留到工作台关闭为止，不存放在别处。</translation>
    </message>
    <message>
        <source>There is no key for this server. Servers on your own machine seldom want one.</source>
        <translation>此服务器没有密钥。本机上的服务器很少需要密钥。</translation>
    </message>
    <message>
        <source>known; type another one to replace it</source>
        <translation>已有密钥；输入新的即可替换</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Give both prices, such as 0.15 and 0.60, or none.</source>
        <translation>请同时填写两个价格（例如 0.15 和 0.60），或都不填。</translation>
    </message>
</context>
<context>
    <name>EnvironmentsPage</name>
    <message>
        <source>&amp;Install</source>
        <translation>安装(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Reinstall…</source>
        <translation>重新安装(&amp;R)…</translation>
    </message>
    <message>
        <source>R&amp;emove…</source>
        <translation>移除(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>检测(&amp;C)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Work on an environment is under way</source>
        <translation>正在处理环境</translation>
    </message>
    <message>
        <source>Output of the installation</source>
        <translation>安装输出</translation>
    </message>
    <message>
        <source>Environments</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>What it is for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>✕ broken</source>
        <translation>✕ 已损坏</translation>
    </message>
    <message>
        <source>✓ built in</source>
        <translation>✓ 内置</translation>
    </message>
    <message>
        <source>✓ installed</source>
        <translation>✓ 已安装</translation>
    </message>
    <message>
        <source>○ not installed</source>
        <translation>○ 未安装</translation>
    </message>
    <message>
        <source>Installed in {0}</source>
        <translation>安装于 {0}</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Remove {0} and install it again? That takes minutes and needs the network.</source>
        <translation>要移除 {0} 并重新安装吗？这需要几分钟和网络连接。</translation>
    </message>
    <message>
        <source>&amp;Reinstall</source>
        <translation>重新安装(&amp;R)</translation>
    </message>
    <message>
        <source>Remove {0}? Its trajectories stay, and cannot be executed until it is installed again.</source>
        <translation>要移除 {0} 吗？它的轨迹会保留，但在重新安装之前无法执行。</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
</context>
<context>
    <name>ExpandDesk</name>
    <message>
        <source>A run is under way: start this one when it is done.</source>
        <translation>有一个运行正在进行：请等它结束后再开始。</translation>
    </message>
    <message>
        <source>No good trajectory with a plan was found that could be a seed.</source>
        <translation>没有找到可作为种子的、带计划的合格轨迹。</translation>
    </message>
    <message>
        <source>Failure class</source>
        <translation>失败类别</translation>
    </message>
    <message>
        <source>Nothing says yet in which class its failures belong.</source>
        <translation>尚无任何信息说明其失败属于哪个类别。</translation>
    </message>
    <message>
        <source>{0}, as a person said.</source>
        <translation>{0}（由人判定）。</translation>
    </message>
    <message>
        <source>{0}, as a model said.</source>
        <translation>{0}（由模型判定）。</translation>
    </message>
    <message>
        <source>{0}: its task was made against such failures.</source>
        <translation>{0}：其任务是针对此类失败生成的。</translation>
    </message>
    <message>
        <source>{0}, by the words of its findings.</source>
        <translation>{0}（依据判定结果的用词）。</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>已保存：{0}</translation>
    </message>
</context>
<context>
    <name>ExpandDialog</name>
    <message>
        <source>New tasks with plans</source>
        <translation>带计划的新任务</translation>
    </message>
    <message>
        <source>&amp;Selected rows: {0}</source>
        <translation>选中的行：{0}(&amp;S)</translation>
    </message>
    <message>
        <source>Against failures of the class</source>
        <translation>针对的失败类别</translation>
    </message>
    <message>
        <source>New tasks</source>
        <translation>新任务</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>A model writes new tasks with their plans after good ones, which are verified or approved and have a plan. Each waits in the queue for review, with the seeds that it was made after.</source>
        <translation>模型仿照合格项（已验证或已批准，且带计划）编写带计划的新任务。每个新任务连同其种子一起在队列中等待审阅。</translation>
    </message>
    <message>
        <source>&amp;Against failures of</source>
        <translation>针对的失败类别(&amp;A)</translation>
    </message>
    <message>
        <source>Ne&amp;w tasks</source>
        <translation>新任务(&amp;W)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>S&amp;tart</source>
        <translation>开始(&amp;T)</translation>
    </message>
    <message>
        <source>Failure &amp;classes…</source>
        <translation>失败类别(&amp;C)…</translation>
    </message>
    <message>
        <source>All &amp;good ones in the queue</source>
        <translation>队列中所有合格项(&amp;G)</translation>
    </message>
    <message>
        <source>All &amp;good ones that fit the query</source>
        <translation>符合查询的所有合格项(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Model…</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>no class: new tasks like the seeds</source>
        <translation>不限类别：与种子类似的新任务</translation>
    </message>
    <message>
        <source>none is set up</source>
        <translation>尚未设置</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>For TRL&apos;s SFTTrainer: verified trajectories as chats with tool calls.</source>
        <translation>用于 TRL 的 SFTTrainer：已验证的轨迹，写成带工具调用的对话。</translation>
    </message>
    <message>
        <source>For TRL&apos;s DPOTrainer: of two trajectories for one task, the one that was preferred.</source>
        <translation>用于 TRL 的 DPOTrainer：同一任务的两条轨迹中更受偏好的一条。</translation>
    </message>
    <message>
        <source>For TRL&apos;s KTOTrainer: trajectories that were called good or bad, one each.</source>
        <translation>用于 TRL 的 KTOTrainer：逐条被判为好或坏的轨迹。</translation>
    </message>
    <message>
        <source>For TRL&apos;s RewardTrainer: pairs, with how much better one side is.</source>
        <translation>用于 TRL 的 RewardTrainer：偏好对，附一方优于另一方的程度。</translation>
    </message>
    <message>
        <source>For TRL&apos;s GRPOTrainer: prompts, with what a reward function needs.</source>
        <translation>用于 TRL 的 GRPOTrainer：提示词，附奖励函数所需的内容。</translation>
    </message>
    <message>
        <source>For process reward models, such as Axolotl&apos;s: steps with a label each.</source>
        <translation>用于过程奖励模型（如 Axolotl 的）：每个步骤带一个标签。</translation>
    </message>
    <message>
        <source>For readers of PRM800K: a rating of every step.</source>
        <translation>用于读取 PRM800K 的程序：每个步骤的评分。</translation>
    </message>
    <message>
        <source>For a critic and a proposer of one&apos;s own: trajectories with their gradients, and what came of them.</source>
        <translation>用于训练自己的评论者和提案者：轨迹及其梯度，以及由此得到的结果。</translation>
    </message>
    <message>
        <source>For OpenRLHF: chats and pairs, with tools and calls as text.</source>
        <translation>用于 OpenRLHF：对话和偏好对，工具与调用写成文本。</translation>
    </message>
    <message>
        <source>For LLaMA-Factory: its own conversations, with dataset_info.json.</source>
        <translation>用于 LLaMA-Factory：它自己的对话格式，附 dataset_info.json。</translation>
    </message>
    <message>
        <source>For Axolotl: chats, pairs and judgements, with its configurations.</source>
        <translation>用于 Axolotl：对话、偏好对和单条判断，附其配置文件。</translation>
    </message>
    <message>
        <source>For veRL: Parquet for multi-turn fine-tuning and reinforcement learning.</source>
        <translation>用于 veRL：多轮微调和强化学习的 Parquet 文件。</translation>
    </message>
    <message>
        <source>For fine-tuning at OpenAI: chats to imitate.</source>
        <translation>用于 OpenAI 微调：供模仿的对话。</translation>
    </message>
    <message>
        <source>For fine-tuning at OpenAI: preferences for single answers.</source>
        <translation>用于 OpenAI 微调：对单个回答的偏好。</translation>
    </message>
    <message>
        <source>For HALOs: pairs and judgements for DPO and KTO, with weights.</source>
        <translation>用于 HALOs：供 DPO 和 KTO 使用的偏好对和单条判断，带权重。</translation>
    </message>
    <message>
        <source>For PilotRL: reinforcement learning under a global plan, in three stages.</source>
        <translation>用于 PilotRL：全局计划下的强化学习，分三个阶段。</translation>
    </message>
    <message>
        <source>For Plan-and-Act: fine-tuning of a planner, an executor and a replanner.</source>
        <translation>用于 Plan-and-Act：微调规划者、执行者和重新规划者。</translation>
    </message>
    <message>
        <source>The same, as nothing but input and output.</source>
        <translation>同上，仅含输入和输出。</translation>
    </message>
    <message>
        <source>The same, as chats.</source>
        <translation>同上，以对话形式。</translation>
    </message>
    <message>
        <source>For people and spreadsheets: all decisions, one a line.</source>
        <translation>供人阅读和用于电子表格：全部决定，每行一条。</translation>
    </message>
    <message>
        <source>For other tools: the head of each lineage as an ATIF document.</source>
        <translation>用于其他工具：每个谱系的当前版本，写成 ATIF 文档。</translation>
    </message>
    <message>
        <source>Every call of a model, to replay a run without a server or to count what it cost.</source>
        <translation>每次模型调用，用于在没有服务器时重放运行或统计费用。</translation>
    </message>
    <message>
        <source>For studying cascades (COPE): every call and every stage with its votes, one a line.</source>
        <translation>用于研究级联（COPE）：每次调用和每个阶段及其投票，各占一行。</translation>
    </message>
    <message>
        <source>Everything that this store holds, for another store: tasks, revisions, decisions, the ledger.</source>
        <translation>此存储库的全部内容，供另一个存储库使用：任务、修订版、决定、账本。</translation>
    </message>
    <message>
        <source>accepted against what it was made from</source>
        <translation>已接受的版本对其来源版本</translation>
    </message>
    <message>
        <source>a base against a worse candidate, rejected</source>
        <translation>基础版本对被拒绝的更差候选</translation>
    </message>
    <message>
        <source>accepted against rejected, same base</source>
        <translation>同一基础版本上，已接受对已拒绝</translation>
    </message>
    <message>
        <source>an edit against the proposal as it was</source>
        <translation>编辑后的版本对原提案</translation>
    </message>
    <message>
        <source>the first differing turn</source>
        <translation>首个不同的轮次</translation>
    </message>
    <message>
        <source>each later differing turn</source>
        <translation>之后每个不同的轮次</translation>
    </message>
    <message>
        <source>all after the user&apos;s first words</source>
        <translation>用户首次发言之后的全部内容</translation>
    </message>
    <message>
        <source>all alike</source>
        <translation>全部相同</translation>
    </message>
    <message>
        <source>by how much losses improve</source>
        <translation>按损失的改善程度</translation>
    </message>
    <message>
        <source>by how many people agree</source>
        <translation>按意见一致的人数</translation>
    </message>
    <message>
        <source>do not look</source>
        <translation>不检查</translation>
    </message>
    <message>
        <source>count them</source>
        <translation>计数</translation>
    </message>
    <message>
        <source>mask them</source>
        <translation>遮盖</translation>
    </message>
    <message>
        <source>The template leaves tool calls out: nothing trains on them.</source>
        <translation>该模板略去了工具调用：训练不会用到它们。</translation>
    </message>
    <message>
        <source>The template leaves the results of tools out.</source>
        <translation>该模板略去了工具的结果。</translation>
    </message>
    <message>
        <source>The template leaves the tools&apos; schemas out.</source>
        <translation>该模板略去了工具的模式定义。</translation>
    </message>
    <message>
        <source>The template puts the arguments of calls into quotes once more.</source>
        <translation>该模板给调用参数又加了一层引号。</translation>
    </message>
    <message>
        <source>The answer holds results of tools, and they are trained on as well: choose spans of one turn.</source>
        <translation>回答中含有工具结果，它们也会参与训练：请选择单个轮次的回答范围。</translation>
    </message>
    <message>
        <source>The template has no {% generation %} marks: what is marked is what each turn of the agent adds.</source>
        <translation>该模板没有 {% generation %} 标记：这里标出的是智能体每个轮次新增的内容。</translation>
    </message>
    <message>
        <source>Some turns of the agent are not marked: the template writes them otherwise once others follow.</source>
        <translation>智能体的部分轮次没有标出：后面还有内容时，该模板会以另一种方式书写它们。</translation>
    </message>
    <message>
        <source>The text is cut at its end: it is too long to be shown.</source>
        <translation>文本过长，末尾未显示。</translation>
    </message>
    <message>
        <source>by the greatest value</source>
        <translation>除以最大值</translation>
    </message>
    <message>
        <source>to the range from 0 to 1</source>
        <translation>缩放到 0 到 1</translation>
    </message>
    <message>
        <source>not at all</source>
        <translation>不归一化</translation>
    </message>
    <message>
        <source>e-mail addresses</source>
        <translation>电子邮件地址</translation>
    </message>
    <message>
        <source>telephone numbers</source>
        <translation>电话号码</translation>
    </message>
    <message>
        <source>social security numbers</source>
        <translation>社会保障号码</translation>
    </message>
    <message>
        <source>credit card numbers</source>
        <translation>信用卡号</translation>
    </message>
    <message>
        <source>secrets: {0}</source>
        <translation>密钥：{0}</translation>
    </message>
    <message>
        <source>{0} is not written: it would have no rows</source>
        <translation>未写入 {0}：它没有任何行</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Reading the record</source>
        <translation>正在读取记录</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>选择(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>导出(&amp;E)</translation>
    </message>
    <message>
        <source>Open fol&amp;der</source>
        <translation>打开文件夹(&amp;D)</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>复制(&amp;Y)</translation>
    </message>
    <message>
        <source>Copy the summary</source>
        <translation>复制摘要</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>F&amp;older</source>
        <translation>文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>Nothing is counted: {0}</source>
        <translation>未计数：{0}</translation>
    </message>
    <message>
        <source>Would write {0} rows to {1} files, and leave out {2}. Nothing is written yet.</source>
        <translation>将向 {1} 个文件写入 {0} 行，省略 {2} 项。尚未写入任何内容。</translation>
    </message>
    <message>
        <source>Would write at least {0} rows to {1} files, and leave out at least {2}: only the beginning of the record was read. Nothing is written yet.</source>
        <translation>将向 {1} 个文件写入至少 {0} 行，省略至少 {2} 项：只读取了记录的开头。尚未写入任何内容。</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在计数…</translation>
    </message>
    <message>
        <source>As o&amp;ne file…</source>
        <translation>存为单个文件(&amp;N)…</translation>
    </message>
    <message>
        <source>Folder to export into</source>
        <translation>导出到的文件夹</translation>
    </message>
    <message>
        <source>File to export to</source>
        <translation>导出到的文件</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在写入…</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Writing… Read so far: {0}</source>
        <translation>正在写入…已读取：{0}</translation>
    </message>
    <message>
        <source>Writing… Read so far: {0} of {1}</source>
        <translation>正在写入… 已读取：{0} / {1}</translation>
    </message>
    <message>
        <source>Written to {0}</source>
        <translation>已写入 {0}</translation>
    </message>
    <message>
        <source>Rows: {0}, in files: {1}, left out: {2}</source>
        <translation>行数：{0}，文件数：{1}，省略：{2}</translation>
    </message>
    <message>
        <source>{0}: rows {1}</source>
        <translation>{0}：{1} 行</translation>
    </message>
    <message>
        <source>left out, {0}: {1}</source>
        <translation>省略，{0}：{1}</translation>
    </message>
    <message>
        <source>found, {0}: {1}</source>
        <translation>发现 {0}：{1}</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
</context>
<context>
    <name>ExportOptions</name>
    <message>
        <source>What goes out</source>
        <translation>导出内容</translation>
    </message>
    <message>
        <source>verified in a full replay</source>
        <translation>已通过完整重放验证</translation>
    </message>
    <message>
        <source>decided by a person</source>
        <translation>由人做出决定</translation>
    </message>
    <message>
        <source>nothing accepted against the rule</source>
        <translation>不含强制接受的内容</translation>
    </message>
    <message>
        <source>nothing decided in view of the gold answer</source>
        <translation>不含看到标准答案后做出的决定</translation>
    </message>
    <message>
        <source>Smallest share that agrees, in percent</source>
        <translation>意见一致的最低比例（百分比）</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Query: only what it finds</source>
        <translation>查询：仅限其结果</translation>
    </message>
    <message>
        <source>everything in the queue</source>
        <translation>队列中的全部内容</translation>
    </message>
    <message>
        <source>Parts by task, with their shares</source>
        <translation>按任务划分的部分及其比例</translation>
    </message>
    <message>
        <source>Seed of the parts</source>
        <translation>划分的随机种子</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>repeat rows by weight</source>
        <translation>按权重重复行</translation>
    </message>
    <message>
        <source>Rows for a weight of 1</source>
        <translation>权重为 1 时的行数</translation>
    </message>
    <message>
        <source>Seed of the repeating</source>
        <translation>重复的随机种子</translation>
    </message>
    <message>
        <source>Secrets and personal data</source>
        <translation>密钥和个人数据</translation>
    </message>
    <message>
        <source>Rewards are normalised</source>
        <translation>奖励归一化</translation>
    </message>
    <message>
        <source>As &amp;usual</source>
        <translation>恢复默认(&amp;U)</translation>
    </message>
    <message>
        <source>All options as usual</source>
        <translation>所有选项恢复默认</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>偏好对</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Only</source>
        <translation>仅限</translation>
    </message>
    <message>
        <source>At least agree</source>
        <translation>最低一致比例</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>Parts by task</source>
        <translation>按任务划分</translation>
    </message>
    <message>
        <source>Shares</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>Parts are names with shares that add up to 1, such as {0}.</source>
        <translation>各部分写成名称和比例，比例之和为 1，例如 {0}。</translation>
    </message>
    <message>
        <source>Choose at least one kind of pair, and one kind of answer.</source>
        <translation>请至少选择一种偏好对和一种回答。</translation>
    </message>
</context>
<context>
    <name>ExportPages</name>
    <message>
        <source>What would be written</source>
        <translation>将写入的内容</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>What is left out, and why</source>
        <translation>省略的内容及原因</translation>
    </message>
    <message>
        <source>Left out because</source>
        <translation>省略原因</translation>
    </message>
    <message>
        <source>Secrets and personal data that were found</source>
        <translation>发现的密钥和个人数据</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>First rows</source>
        <translation>前几行</translation>
    </message>
    <message>
        <source>Files ({0})</source>
        <translation>文件（{0}）</translation>
    </message>
    <message>
        <source>Left out ({0})</source>
        <translation>省略（{0}）</translation>
    </message>
    <message>
        <source>Found ({0})</source>
        <translation>发现（{0}）</translation>
    </message>
</context>
<context>
    <name>ExportRows</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Which answer</source>
        <translation>哪个回答</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>对话模板</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>As the file has &amp;it</source>
        <translation>文件中的样子(&amp;I)</translation>
    </message>
    <message>
        <source>As the &amp;trainer sees it</source>
        <translation>训练器看到的样子(&amp;T)</translation>
    </message>
    <message>
        <source>built in: like ChatML, with tools</source>
        <translation>内置：类似 ChatML，带工具</translation>
    </message>
    <message>
        <source>Te&amp;mplate from a file…</source>
        <translation>从文件读取模板(&amp;M)…</translation>
    </message>
    <message>
        <source>Fi&amp;le</source>
        <translation>文件(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Row</source>
        <translation>行(&amp;R)</translation>
    </message>
    <message>
        <source> of the first {0}</source>
        <translation> / 前 {0} 行</translation>
    </message>
    <message>
        <source>No row to show.</source>
        <translation>没有可显示的行。</translation>
    </message>
    <message>
        <source>Rendering…</source>
        <translation>正在渲染…</translation>
    </message>
    <message>
        <source>Characters at its end that are not shown: {0}</source>
        <translation>末尾未显示的字符数：{0}</translation>
    </message>
    <message>
        <source>The row, as it will be written</source>
        <translation>将写入的行</translation>
    </message>
    <message>
        <source>Chat templates (*.json *.jinja *.jinja2)</source>
        <translation>对话模板 (*.json *.jinja *.jinja2)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>This row has no chat: a trainer reads it as it stands in the file.</source>
        <translation>这一行没有对话：训练器按文件中的样子读取。</translation>
    </message>
    <message>
        <source>The row, as the trainer sees it</source>
        <translation>训练器看到的行</translation>
    </message>
    <message>
        <source>The template fails: {0}</source>
        <translation>模板出错：{0}</translation>
    </message>
    <message>
        <source>Trained on is what stands in bold letters: {0} of {1} characters.</source>
        <translation>粗体部分参与训练：{1} 个字符中的 {0} 个。</translation>
    </message>
    <message>
        <source>A prompt of {1} characters: nothing of it is trained on.</source>
        <translation>提示词共 {1} 个字符：其中没有任何部分参与训练。</translation>
    </message>
    <message>
        <source>Shown is the part of the text around them.</source>
        <translation>仅显示它们前后的部分文本。</translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message>
        <source>This cannot be exported: {0}</source>
        <translation>无法导出：{0}</translation>
    </message>
    <message>
        <source>The export was stopped. Nothing was written.</source>
        <translation>导出已停止。没有写入任何内容。</translation>
    </message>
    <message>
        <source>Nothing was written: {0}</source>
        <translation>没有写入任何内容：{0}</translation>
    </message>
    <message>
        <source>Exported {0}</source>
        <translation>已导出 {0}</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>{0} of {1}: {2} % ({3} to {4})</source>
        <translation>{0}/{1}：{2} %（{3} 至 {4}）</translation>
    </message>
    <message>
        <source>nothing was answered by two people</source>
        <translation>没有由两人回答的内容</translation>
    </message>
    <message>
        <source>undefined: everybody always gave the same answer</source>
        <translation>无定义：所有人的回答始终相同</translation>
    </message>
    <message>
        <source>{0} ({1} to {2})</source>
        <translation>{0}（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>裁定</translation>
    </message>
    <message>
        <source>blamed step</source>
        <translation>归因步骤</translation>
    </message>
    <message>
        <source>rubric: {0}</source>
        <translation>评分表：{0}</translation>
    </message>
    <message>
        <source>kept as it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>repaired</source>
        <translation>已修复</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>harmful: the loss rises</source>
        <translation>有害：损失上升</translation>
    </message>
    <message>
        <source>useless: the loss stays</source>
        <translation>无用：损失不变</translation>
    </message>
    <message>
        <source>smuggled: a repair with one harmful change that no loss sees</source>
        <translation>夹带：修复中含有一处损失无法察觉的有害更改</translation>
    </message>
    <message>
        <source>decided on already</source>
        <translation>已做出决定</translation>
    </message>
    <message>
        <source>has one already</source>
        <translation>已有一个</translation>
    </message>
    <message>
        <source>nothing to repair</source>
        <translation>无需修复</translation>
    </message>
    <message>
        <source>its environment cannot execute it here</source>
        <translation>其环境无法在此处执行</translation>
    </message>
    <message>
        <source>no candidate is bad in the wanted way</source>
        <translation>没有符合要求的坏候选</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Import recorded runs</source>
        <translation>导入运行记录</translation>
    </message>
    <message>
        <source>Import a folder of recorded runs</source>
        <translation>导入运行记录文件夹</translation>
    </message>
    <message>
        <source>{0} and more files or folders: {1}</source>
        <translation>{0} 以及其他文件或文件夹：{1}</translation>
    </message>
    <message>
        <source>Samples added: {0}</source>
        <translation>已添加示例：{0}</translation>
    </message>
</context>
<context>
    <name>FormatChoice</name>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>{0} It always holds everything: there is nothing to choose.</source>
        <translation>{0}它总是包含全部内容：没有可选项。</translation>
    </message>
</context>
<context>
    <name>Gate</name>
    <message>
        <source>Choose the candidate to go on with.</source>
        <translation>选择要继续的候选。</translation>
    </message>
    <message>
        <source>Confirm ({0}) or move ({1}) the blame, dismiss ({2}) or add ({3}) gradients, lock steps; continue with {4}.</source>
        <translation>确认（{0}）或移动（{1}）归因，排除（{2}）或添加（{3}）梯度，锁定步骤；按 {4} 继续。</translation>
    </message>
    <message>
        <source>Accept ({0}), edit ({1}) or reject ({2}) each hunk; then continue with {0}.</source>
        <translation>逐个接受（{0}）、编辑（{1}）或拒绝（{2}）改动块；然后按 {0} 继续。</translation>
    </message>
    <message>
        <source>Take the candidate ({0}), or reject it with a reason ({1}).</source>
        <translation>采用候选（{0}），或填写理由将其拒绝（{1}）。</translation>
    </message>
    <message>
        <source>Look at the findings; add what the checks miss ({0}); continue with {1}.</source>
        <translation>查看检查结果；添加检查遗漏的内容（{0}）；按 {1} 继续。</translation>
    </message>
    <message>
        <source>Accept the majority&apos;s answer, escalate, or leave it to the threshold.</source>
        <translation>接受多数的回答、升级，或交由阈值决定。</translation>
    </message>
</context>
<context>
    <name>GateBar</name>
    <message>
        <source>Go there ({0})</source>
        <translation>转到该处（{0}）</translation>
    </message>
    <message>
        <source>Add a missed constraint…</source>
        <translation>添加遗漏的约束…</translation>
    </message>
    <message>
        <source>Locked steps</source>
        <translation>锁定的步骤</translation>
    </message>
    <message>
        <source>Question of the run</source>
        <translation>运行的提问</translation>
    </message>
    <message>
        <source>◌ RUN</source>
        <translation>◌ 运行</translation>
    </message>
    <message>
        <source>The run is at work on {0}.</source>
        <translation>运行正在处理 {0}。</translation>
    </message>
    <message>
        <source>▶ {0}</source>
        <translation>▶ {0}</translation>
    </message>
    <message>
        <source>Everything holds. Add what the checks miss ({0}), or finish the task with {1}.</source>
        <translation>全部成立。添加检查遗漏的内容（{0}），或按 {1} 完成任务。</translation>
    </message>
    <message>
        <source>The rule refuses the candidate: leave it ({0}), or override the rule with a reason ({1}).</source>
        <translation>规则不接受该候选：不采用（{0}），或填写理由强制接受（{1}）。</translation>
    </message>
    <message>
        <source>The last proposal led to no candidate: {0}. {1}</source>
        <translation>上一个提案没有产生候选：{0}。{1}</translation>
    </message>
    <message>
        <source>The run waits for your word on {0}. {1}</source>
        <translation>运行正在等待您对 {0} 的答复。{1}</translation>
    </message>
    <message>
        <source>1 constraint added</source>
        <translation>已添加 1 条约束</translation>
    </message>
    <message>
        <source>{0} constraints added</source>
        <translation>已添加 {0} 条约束</translation>
    </message>
</context>
<context>
    <name>GatedSession</name>
    <message>
        <source>The rule refuses this candidate: {0}. Leave it ({1}), or override ({2}).</source>
        <translation>规则不接受此候选：{0}。不采用（{1}），或强制接受（{2}）。</translation>
    </message>
    <message>
        <source>Hunks still undecided: {0}.</source>
        <translation>尚未决定的改动块：{0}。</translation>
    </message>
    <message>
        <source>The run went on or was stopped meanwhile: nothing was recorded.</source>
        <translation>在此期间运行已继续或停止：没有记录任何内容。</translation>
    </message>
    <message>
        <source>There is nothing to take back here. Decisions can be taken back after the run.</source>
        <translation>此处没有可撤回的内容。运行结束后可以撤回决定。</translation>
    </message>
    <message>
        <source>A run works on this trajectory: its steps can be edited when it asks at EVOLVE.</source>
        <translation>运行正在处理此轨迹：当它在“演化”阶段提问时可以编辑步骤。</translation>
    </message>
    <message>
        <source>The run is at work on this trajectory, and will ask you.</source>
        <translation>运行正在处理此轨迹，稍后会向您提问。</translation>
    </message>
    <message>
        <source>The run asks about another revision of this trajectory: go to its question first.</source>
        <translation>运行询问的是此轨迹的另一个修订版：请先转到它的提问。</translation>
    </message>
    <message>
        <source>A run asks about this trajectory: answer it, or go on to another one ({0}).</source>
        <translation>运行正在询问此轨迹：请回答，或转到另一条轨迹（{0}）。</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>Annotator&apos;s name</source>
        <translation>标注员姓名</translation>
    </message>
    <message>
        <source>&amp;Use this name</source>
        <translation>使用此姓名(&amp;U)</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
    <message>
        <source>&amp;Annotator&apos;s name</source>
        <translation>标注员姓名(&amp;A)</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Zoom</source>
        <translation>缩放(&amp;Z)</translation>
    </message>
    <message>
        <source>With another name or language the desk opens anew, at the place where you are and with your draft.</source>
        <translation>更改姓名或语言后，工作台会重新打开，并保留您的位置和草稿。</translation>
    </message>
    <message>
        <source>The desk was started with --annotator: that name goes before the one that is chosen here.</source>
        <translation>工作台启动时指定了 --annotator：该姓名优先于此处选择的姓名。</translation>
    </message>
    <message>
        <source>Your decisions carry this name from now on; what is on record keeps its name.</source>
        <translation>从现在起，您的决定都署此姓名；已记录的内容保留原来的姓名。</translation>
    </message>
    <message>
        <source>This is your name in the system. Your decisions carry it as long as you choose no other.</source>
        <translation>这是您在系统中的用户名。在您另选姓名之前，决定都署此名。</translation>
    </message>
</context>
<context>
    <name>GoldPage</name>
    <message>
        <source>How often each annotator came to the gold decision</source>
        <translation>各标注员得出金标决定的比例</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>标注员</translation>
    </message>
    <message>
        <source>Right verdicts</source>
        <translation>裁定正确</translation>
    </message>
    <message>
        <source>Right blames</source>
        <translation>归因正确</translation>
    </message>
    <message>
        <source>Gold items</source>
        <translation>金标项</translation>
    </message>
    <message>
        <source>Trajectory</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <source>Right verdict</source>
        <translation>正确的裁定</translation>
    </message>
    <message>
        <source>Blame</source>
        <translation>归因</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Set by</source>
        <translation>设定者</translation>
    </message>
    <message>
        <source>why, for whoever reads the report</source>
        <translation>原因，供阅读报告的人参考</translation>
    </message>
    <message>
        <source>Make the &amp;open trajectory gold</source>
        <translation>将打开的轨迹设为金标(&amp;O)</translation>
    </message>
    <message>
        <source>Make all &amp;settled ones of the queue gold</source>
        <translation>将队列中所有已裁决的设为金标(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>step {0}</source>
        <translation>步骤 {0}</translation>
    </message>
    <message>
        <source>Annotators are measured by what they decided here without sight of others; in brackets the 95 % interval.</source>
        <translation>根据标注员在不知他人决定时所做的决定来衡量；括号内为 95 % 置信区间。</translation>
    </message>
    <message>
        <source>There are no gold items. On a gold item the right decision is known: mark some, and see how often each annotator comes to it.</source>
        <translation>还没有金标项。金标项的正确决定是已知的：标出一些，即可查看各标注员得出正确决定的比例。</translation>
    </message>
</context>
<context>
    <name>GradientCard</name>
    <message>
        <source>suggests: {0}</source>
        <translation>建议：{0}</translation>
    </message>
    <message>
        <source>confirm</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>blame {0}</source>
        <translation>归因于{0}</translation>
    </message>
    <message>
        <source>dismiss</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>reveals answer</source>
        <translation>泄露答案</translation>
    </message>
    <message>
        <source>Quotes the expected answer: an automatic proposer never sees it.</source>
        <translation>引用了期望答案：自动提案者永远看不到它。</translation>
    </message>
    <message>
        <source>● earliest cause</source>
        <translation>● 最早起因</translation>
    </message>
    <message>
        <source>✓ confirmed</source>
        <translation>✓ 已确认</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>期望</translation>
    </message>
    <message>
        <source>observed</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>earliest cause</source>
        <translation>最早起因</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>已确认</translation>
    </message>
</context>
<context>
    <name>GradientsPane</name>
    <message>
        <source>Textual gradients</source>
        <translation>文本梯度</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Add a gradient of your own ({0})</source>
        <translation>添加您自己的梯度（{0}）</translation>
    </message>
    <message>
        <source>{0} · {1} open</source>
        <translation>{0} · {1} 个未处理</translation>
    </message>
    <message>
        <source>Not inspected yet.</source>
        <translation>尚未检查。</translation>
    </message>
    <message>
        <source>Nothing was found wrong. What the checks miss, you can add.</source>
        <translation>没有发现错误。您可以添加检查遗漏的问题。</translation>
    </message>
    <message>
        <source>Show {0} more</source>
        <translation>再显示 {0} 个</translation>
    </message>
</context>
<context>
    <name>Grounding</name>
    <message>
        <source>step {step} is an action that no plan step names</source>
        <translation>步骤 {step} 是没有计划步骤提到的动作</translation>
    </message>
    <message>
        <source>step {step} is named by plan step {plan_step} and by an earlier one</source>
        <translation>步骤 {step} 同时被计划步骤 {plan_step} 和之前的计划步骤提到</translation>
    </message>
    <message>
        <source>plan step {plan_step} names step {step} out of order: actions are named as they were done</source>
        <translation>计划步骤 {plan_step} 提到步骤 {step} 的顺序不对：应按执行顺序提到动作</translation>
    </message>
    <message>
        <source>plan step {plan_step} names no action</source>
        <translation>计划步骤 {plan_step} 没有提到任何动作</translation>
    </message>
    <message>
        <source>plan step {plan_step} names step {step}, which is no action of the agent</source>
        <translation>计划步骤 {plan_step} 提到的步骤 {step} 不是智能体的动作</translation>
    </message>
    <message>
        <source>plan step {plan_step} says “{value}”, which was only seen in step {step}</source>
        <translation>计划步骤 {plan_step} 提到“{value}”，而它在步骤 {step} 才首次出现</translation>
    </message>
    <message>
        <source>plan step {plan_step} says “{value}”: a word of an interface and no intention</source>
        <translation>计划步骤 {plan_step} 提到“{value}”：这是界面用词，不是意图</translation>
    </message>
</context>
<context>
    <name>GuidelinesPage</name>
    <message>
        <source>&amp;Make own copies of all</source>
        <translation>全部复制为自己的副本(&amp;M)</translation>
    </message>
    <message>
        <source>Guidelines</source>
        <translation>指南</translation>
    </message>
    <message>
        <source>What stands beside the work are plain files. The desk follows them as they are edited.</source>
        <translation>工作时显示在旁边的都是普通文件。编辑它们时工作台会随之更新。</translation>
    </message>
    <message>
        <source>Rubric</source>
        <translation>评分表</translation>
    </message>
    <message>
        <source>Common reasons</source>
        <translation>常用理由</translation>
    </message>
</context>
<context>
    <name>GuidelinesPane</name>
    <message>
        <source>Guidelines</source>
        <translation>指南</translation>
    </message>
    <message>
        <source>Open the file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Close ({0})</source>
        <translation>关闭（{0}）</translation>
    </message>
    <message>
        <source>&amp;Guidelines</source>
        <translation>指南(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Rubric</source>
        <translation>评分表(&amp;R)</translation>
    </message>
    <message>
        <source>Common r&amp;easons</source>
        <translation>常用理由(&amp;E)</translation>
    </message>
    <message>
        <source>your own</source>
        <translation>您自己的</translation>
    </message>
    <message>
        <source>as shipped</source>
        <translation>随附版本</translation>
    </message>
</context>
<context>
    <name>HistoryPane</name>
    <message>
        <source>Revisions</source>
        <translation>修订版</translation>
    </message>
    <message>
        <source>Loss over revisions</source>
        <translation>各修订版的损失</translation>
    </message>
    <message>
        <source>Pictures…</source>
        <translation>图示…</translation>
    </message>
    <message>
        <source>Pictures of this trajectory</source>
        <translation>此轨迹的图示</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>重放</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Put on the desk</source>
        <translation>放到工作台</translation>
    </message>
    <message>
        <source>Compare with its parent…</source>
        <translation>与其父修订版比较…</translation>
    </message>
    <message>
        <source>Compare with the open revision…</source>
        <translation>与打开的修订版比较…</translation>
    </message>
    <message>
        <source>Restore this revision…</source>
        <translation>恢复此修订版…</translation>
    </message>
    <message>
        <source>revision {0}</source>
        <translation>修订版 {0}</translation>
    </message>
</context>
<context>
    <name>HonestSession</name>
    <message>
        <source>There is a proposal. First mark where it goes wrong.</source>
        <translation>有一个修复提案。请先标出哪里出错。</translation>
    </message>
    <message>
        <source>Saved: judged. Here is the proposal.</source>
        <translation>已保存：判断。提案如下。</translation>
    </message>
    <message>
        <source>First mark where it goes wrong ({0}), or say that nothing is wrong ({1}).</source>
        <translation>请先标出哪里出错（{0}），或说明没有错误（{1}）。</translation>
    </message>
    <message>
        <source>Saved: rubric answered</source>
        <translation>已保存：评分表已回答</translation>
    </message>
</context>
<context>
    <name>HunkCard</name>
    <message>
        <source>accept</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show all of this hunk</source>
        <translation>显示此改动块的全部内容</translation>
    </message>
    <message>
        <source>moved from {0} to {1}</source>
        <translation>从 {0} 移到 {1}</translation>
    </message>
    <message>
        <source>moved from {0} to {1} and changed</source>
        <translation>从 {0} 移到 {1} 并更改</translation>
    </message>
    <message>
        <source>answers {0}</source>
        <translation>回应 {0}</translation>
    </message>
    <message>
        <source>◌ undecided</source>
        <translation>◌ 未决定</translation>
    </message>
    <message>
        <source>✓ accepted</source>
        <translation>✓ 已接受</translation>
    </message>
    <message>
        <source>✎ by hand</source>
        <translation>✎ 手动</translation>
    </message>
    <message>
        <source>✕ left out</source>
        <translation>✕ 不采用</translation>
    </message>
</context>
<context>
    <name>HunkEditor</name>
    <message>
        <source>Tool</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Ctrl+Return</source>
        <translation>Ctrl+回车</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>表单</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>{0} changes between form and JSON</source>
        <translation>{0} 切换表单和 JSON</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Arguments as JSON</source>
        <translation>JSON 格式的参数</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>✕ a message cannot be empty</source>
        <translation>✕ 消息不能为空</translation>
    </message>
    <message>
        <source>✕ name the tool to call</source>
        <translation>✕ 请填写要调用的工具</translation>
    </message>
    <message>
        <source>? no tool is known by this name: its arguments cannot be checked</source>
        <translation>? 没有此名称的工具：无法检查其参数</translation>
    </message>
    <message>
        <source>✓ fits the tool</source>
        <translation>✓ 符合工具要求</translation>
    </message>
    <message>
        <source>{0}: not a value yet, so nothing is tried</source>
        <translation>{0}：还不是有效的值，因此暂不尝试</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Import is running</source>
        <translation>正在导入</translation>
    </message>
    <message>
        <source>Summary of the import</source>
        <translation>导入摘要</translation>
    </message>
    <message>
        <source>About {0} left (minutes:seconds)</source>
        <translation>大约还需 {0}（分:秒）</translation>
    </message>
    <message>
        <source>Stopping after what is being written…</source>
        <translation>写完当前内容后停止…</translation>
    </message>
    <message>
        <source>Import stopped: what was read so far is kept.</source>
        <translation>导入已停止：到目前为止读取的内容已保留。</translation>
    </message>
    <message>
        <source>Import finished.</source>
        <translation>导入完成。</translation>
    </message>
    <message>
        <source>… and more lines: {0}</source>
        <translation>…以及更多行：{0}</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Copy the summary</source>
        <translation>复制摘要</translation>
    </message>
    <message>
        <source>new trajectories: {0}, already there: {1}, rejected: {2}</source>
        <translation>新轨迹：{0}，已存在：{1}，被拒绝：{2}</translation>
    </message>
    <message>
        <source>new tasks: {0}</source>
        <translation>新任务：{0}</translation>
    </message>
    <message>
        <source>decisions: {0}, revisions: {1}</source>
        <translation>决定：{0}，修订版：{1}</translation>
    </message>
    <message>
        <source>files left alone: {0}</source>
        <translation>未处理的文件：{0}</translation>
    </message>
    <message>
        <source>{0}: left alone, {1}</source>
        <translation>{0}：未处理，{1}</translation>
    </message>
</context>
<context>
    <name>ImportPreviewDialog</name>
    <message>
        <source>Import preview</source>
        <translation>导入预览</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>As recognised by the content</source>
        <translation>根据内容识别</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>The first runs, with their steps</source>
        <translation>最前面的运行记录及其步骤</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>Already there</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Records that are not taken</source>
        <translation>不导入的记录</translation>
    </message>
    <message>
        <source>What would be imported</source>
        <translation>将导入的内容</translation>
    </message>
    <message>
        <source>First runs</source>
        <translation>最前面的运行记录</translation>
    </message>
    <message>
        <source>Not taken</source>
        <translation>不导入</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>导入(&amp;I)</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>left alone</source>
        <translation>未处理</translation>
    </message>
    <message>
        <source>Files ({0})</source>
        <translation>文件（{0}）</translation>
    </message>
    <message>
        <source>Not taken ({0})</source>
        <translation>不导入（{0}）</translation>
    </message>
    <message>
        <source>… and more: {0}</source>
        <translation>…以及更多：{0}</translation>
    </message>
    <message>
        <source>No recorded run was found there.</source>
        <translation>在那里没有找到运行记录。</translation>
    </message>
    <message>
        <source>New trajectories: {0}. New tasks: {1}. Already there: {2}. Rejected records: {3}.</source>
        <translation>新轨迹：{0}。新任务：{1}。已存在：{2}。被拒绝的记录：{3}。</translation>
    </message>
    <message>
        <source>New trajectories: at least {0}. New tasks: at least {1}. Already there: at least {2}. Rejected records: at least {3}.</source>
        <translation>新轨迹：至少 {0}。新任务：至少 {1}。已存在：至少 {2}。被拒绝的记录：至少 {3}。</translation>
    </message>
    <message>
        <source>Read as: {0}</source>
        <translation>识别为：{0}</translation>
    </message>
    <message>
        <source>Decisions: {0}. Revisions: {1}.</source>
        <translation>决定：{0}。修订版：{1}。</translation>
    </message>
    <message>
        <source>Files left alone: {0}.</source>
        <translation>未处理的文件：{0}。</translation>
    </message>
    <message>
        <source>The import takes about {0} (minutes:seconds).</source>
        <translation>导入大约需要 {0}（分:秒）。</translation>
    </message>
    <message>
        <source>▲ {0} is large ({1}): it may need that much memory and more, and take a while.</source>
        <translation>▲ {0} 较大（{1}）：可能占用同样多甚至更多内存，并且需要一些时间。</translation>
    </message>
    <message>
        <source>▲ Only the first records were read ({0}): the counts are at least these.</source>
        <translation>▲ 只读取了前面的记录（{0}）：实际数量不少于此。</translation>
    </message>
    <message>
        <source>▲ Rejected records stay out, the others come in. Each is listed with its reason.</source>
        <translation>▲ 被拒绝的记录不会导入，其余的会导入。每条都列有原因。</translation>
    </message>
</context>
<context>
    <name>Installing</name>
    <message>
        <source>Stopped. Nothing half-made is left.</source>
        <translation>已停止。没有留下未完成的内容。</translation>
    </message>
    <message>
        <source>Installing {0}. You can work on meanwhile.</source>
        <translation>正在安装 {0}。您可以继续工作。</translation>
    </message>
    <message>
        <source>{0} is installed.</source>
        <translation>{0} 已安装。</translation>
    </message>
    <message>
        <source>Removing {0}…</source>
        <translation>正在移除 {0}…</translation>
    </message>
    <message>
        <source>{0} was removed.</source>
        <translation>{0} 已移除。</translation>
    </message>
    <message>
        <source>Checking {0}…</source>
        <translation>正在检测 {0}…</translation>
    </message>
    <message>
        <source>{0} works.</source>
        <translation>{0} 工作正常。</translation>
    </message>
</context>
<context>
    <name>JudgeFirstPage</name>
    <message>
        <source>First mark where it goes wrong</source>
        <translation>请先标出哪里出错</translation>
    </message>
    <message>
        <source>A proposal is waiting. Select the step that goes wrong first and press {0}; if nothing is wrong, press {1}. Then the proposal opens. You can also edit by hand before.</source>
        <translation>有一个修复提案在等待。请选择最先出错的步骤并按 {0}；如果没有错误，请按 {1}。随后提案会打开。您也可以先手动编辑。</translation>
    </message>
    <message>
        <source>Nothing is wrong ({0})</source>
        <translation>没有错误（{0}）</translation>
    </message>
    <message>
        <source>Select a step ({0})</source>
        <translation>选择一个步骤（{0}）</translation>
    </message>
    <message>
        <source>Step {1} goes wrong ({0})</source>
        <translation>步骤 {1} 出错（{0}）</translation>
    </message>
</context>
<context>
    <name>KeyTree</name>
    <message>
        <source>What it does</source>
        <translation>功能</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>无快捷键</translation>
    </message>
    <message>
        <source>Find an action or a key</source>
        <translation>查找操作或按键</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Keys by menu</source>
        <translation>按菜单列出的快捷键</translation>
    </message>
    <message>
        <source>Single letters are silent while you type. In a list, arrows move and Return chooses.</source>
        <translation>输入文字时单字母快捷键不起作用。在列表中用方向键移动，用回车键选择。</translation>
    </message>
    <message>
        <source>C&amp;hange keys…</source>
        <translation>更改快捷键(&amp;H)…</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Actions with their keys</source>
        <translation>操作及其快捷键</translation>
    </message>
    <message>
        <source>Press the new key here</source>
        <translation>在此按下新的按键</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>&amp;Take it over</source>
        <translation>占用此按键(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;No key</source>
        <translation>不设快捷键(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>重置(&amp;R)</translation>
    </message>
    <message>
        <source>Reset &amp;all…</source>
        <translation>全部重置(&amp;A)…</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>(fixed)</source>
        <translation>（固定）</translation>
    </message>
    <message>
        <source>(yours)</source>
        <translation>（自定义）</translation>
    </message>
    <message>
        <source>This key cannot be changed: it is needed at its place, also in panes and dialogs.</source>
        <translation>此按键不能更改：窗格和对话框中也需要它。</translation>
    </message>
    <message>
        <source>Select the line above and press another key. Its name on the command line is {0}.</source>
        <translation>选中上面的输入行并按下另一个键。它在命令行中的名称是 {0}。</translation>
    </message>
    <message>
        <source>Select an action. Return goes to the line for its key.</source>
        <translation>选择一个操作。按回车键转到其按键输入行。</translation>
    </message>
    <message>
        <source>This key cannot be used: choose another one.</source>
        <translation>此按键不能使用：请选择另一个。</translation>
    </message>
    <message>
        <source>{0} is the key of “{1}”. Nothing was changed. You can take it over: that action then loses it.</source>
        <translation>{0} 已是“{1}”的快捷键。没有更改任何内容。您可以占用它：那个操作将失去此快捷键。</translation>
    </message>
    <message>
        <source>The key of “{0}” is {1} from now on.</source>
        <translation>从现在起，“{0}”的快捷键是 {1}。</translation>
    </message>
    <message>
        <source>“{0}” has no key from now on.</source>
        <translation>从现在起，“{0}”没有快捷键。</translation>
    </message>
    <message>
        <source>Reset all keys</source>
        <translation>重置所有快捷键</translation>
    </message>
    <message>
        <source>Give every action the key back that it was shipped with?</source>
        <translation>要将所有操作恢复为默认快捷键吗？</translation>
    </message>
    <message>
        <source>Keys that you chose: {0}</source>
        <translation>您自定义的快捷键：{0}</translation>
    </message>
    <message>
        <source>&amp;Reset all</source>
        <translation>全部重置(&amp;R)</translation>
    </message>
    <message>
        <source>Every action has its own key again.</source>
        <translation>所有操作已恢复默认快捷键。</translation>
    </message>
    <message>
        <source>{0} moves or presses something in the panes, or is typed: choose another key.</source>
        <translation>{0} 在窗格中用于移动或按下控件，或用于输入：请选择另一个按键。</translation>
    </message>
    <message>
        <source>{0} works on text wherever text is: choose another key.</source>
        <translation>{0} 用于文本操作：请选择另一个按键。</translation>
    </message>
    <message>
        <source>{0} answers an item of the rubric: choose another key.</source>
        <translation>{0} 用于回答评分项：请选择另一个按键。</translation>
    </message>
    <message>
        <source>{0} shows a saved view: choose another key.</source>
        <translation>{0} 用于显示已保存的视图：请选择另一个按键。</translation>
    </message>
    <message>
        <source>{0} opens a menu: choose another key.</source>
        <translation>{0} 用于打开菜单：请选择另一个按键。</translation>
    </message>
    <message>
        <source>{0} stops, closes and gives up: choose another key.</source>
        <translation>{0} 用于停止、关闭和取消：请选择另一个按键。</translation>
    </message>
</context>
<context>
    <name>LinkingSession</name>
    <message>
        <source>You linked it so before.</source>
        <translation>您之前已这样关联。</translation>
    </message>
    <message>
        <source>Saved: step {0} carries out nothing of the plan</source>
        <translation>已保存：步骤 {0} 不执行计划的任何部分</translation>
    </message>
    <message>
        <source>Saved: step {0} carries out plan step {1}</source>
        <translation>已保存：步骤 {0} 执行计划步骤 {1}</translation>
    </message>
</context>
<context>
    <name>ListGroup</name>
    <message>
        <source>+ Add item</source>
        <translation>+ 添加条目</translation>
    </message>
</context>
<context>
    <name>LossRow</name>
    <message>
        <source>better</source>
        <translation>变好</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>变差</translation>
    </message>
    <message>
        <source>out of date</source>
        <translation>已过时</translation>
    </message>
    <message>
        <source>not measured here</source>
        <translation>此处未测量</translation>
    </message>
    <message>
        <source>of {0}</source>
        <translation>共 {0}</translation>
    </message>
</context>
<context>
    <name>LossesPane</name>
    <message>
        <source>Losses</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Not inspected</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>Out of date</source>
        <translation>已过时</translation>
    </message>
    <message>
        <source>Before → candidate</source>
        <translation>之前 → 候选</translation>
    </message>
    <message>
        <source>≠ {0}</source>
        <translation>≠ {0}</translation>
    </message>
    <message>
        <source>Scores: {0}</source>
        <translation>分数：{0}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>HITL desk</source>
        <translation>HITL 工作台</translation>
    </message>
    <message>
        <source>Adding samples…</source>
        <translation>正在添加示例…</translation>
    </message>
    <message>
        <source>Unexpected error</source>
        <translation>意外错误</translation>
    </message>
</context>
<context>
    <name>MergePage</name>
    <message>
        <source>The other store</source>
        <translation>另一个存储库</translation>
    </message>
    <message>
        <source>a file desk.db, or the data folder that holds it</source>
        <translation>desk.db 文件，或包含它的数据文件夹</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>选择(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Merge into this store</source>
        <translation>合并到此存储库(&amp;M)</translation>
    </message>
    <message>
        <source>Progress of the merge</source>
        <translation>合并进度</translation>
    </message>
    <message>
        <source>Trajectories that are disputed now</source>
        <translation>现在有争议的轨迹</translation>
    </message>
    <message>
        <source>Disputed now</source>
        <translation>现有争议</translation>
    </message>
    <message>
        <source>Adds everything that a colleague decided and this store does not have. The other store is only read, a copy of this one is kept beside it, and merging twice adds nothing. Where people decided differently, the trajectory becomes disputed until somebody settles it.</source>
        <translation>添加同事已决定而此存储库没有的全部内容。另一个存储库只会被读取，此存储库会先在旁边保留一份副本，重复合并不会添加任何内容。若各人的决定不同，该轨迹将处于争议状态，直到有人裁决。</translation>
    </message>
    <message>
        <source>The store of a colleague</source>
        <translation>同事的存储库</translation>
    </message>
    <message>
        <source>Stores (*.db)</source>
        <translation>存储库 (*.db)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Merging {0}…</source>
        <translation>正在合并 {0}…</translation>
    </message>
    <message>
        <source>Added decisions: {0} (known already: {1}), tasks: {2}, trajectories: {3}, revisions: {4}, proposals: {5}, inspections: {6}, runs: {7}.</source>
        <translation>已添加决定：{0}（已有：{1}），任务：{2}，轨迹：{3}，修订版：{4}，提案：{5}，检查：{6}，运行：{7}。</translation>
    </message>
    <message>
        <source>Disputed now: {0}. Return opens one.</source>
        <translation>现有争议：{0}。按回车键打开一条。</translation>
    </message>
</context>
<context>
    <name>ModelBench</name>
    <message>
        <source>Branches so far: {0}</source>
        <translation>目前的分支：{0}</translation>
    </message>
    <message>
        <source>Branches: {0}, listed under Revisions.</source>
        <translation>分支：{0}，已列入修订版。</translation>
    </message>
    <message>
        <source>The model did not go on: {0}.</source>
        <translation>模型没有继续：{0}。</translation>
    </message>
    <message>
        <source>Stopped. What the model was asked until then is on record.</source>
        <translation>已停止。此前对模型的提问均已记录。</translation>
    </message>
    <message>
        <source>The model proposed a repair. Hunks: {0}.</source>
        <translation>模型提出了修复。改动块：{0}。</translation>
    </message>
    <message>
        <source>The model proposed nothing.</source>
        <translation>模型没有提出任何修复。</translation>
    </message>
</context>
<context>
    <name>ModelDialog</name>
    <message>
        <source>Model settings</source>
        <translation>模型设置</translation>
    </message>
    <message>
        <source>&amp;Connection</source>
        <translation>连接(&amp;C)</translation>
    </message>
    <message>
        <source>Pr&amp;ompts</source>
        <translation>提示词(&amp;O)</translation>
    </message>
    <message>
        <source>the connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>Not saved: {0}. Close all the same, and lose it?</source>
        <translation>未保存：{0}。仍要关闭并放弃更改吗？</translation>
    </message>
    <message>
        <source>&amp;Lose it</source>
        <translation>放弃更改(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Go on editing</source>
        <translation>继续编辑(&amp;G)</translation>
    </message>
</context>
<context>
    <name>Modelling</name>
    <message>
        <source>The shipped text is back. The editor&apos;s undo (Ctrl+Z) brings yours back into the editor.</source>
        <translation>已恢复随附的文本。用编辑器的撤销（Ctrl+Z）可找回您的文本。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>What was sent names the model: it is hidden as long as you review blind.</source>
        <translation>发送的内容含有模型名称：盲审期间会隐藏。</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>&amp;Model settings…</source>
        <translation>模型设置(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Prompts…</source>
        <translation>提示词(&amp;P)…</translation>
    </message>
    <message>
        <source>Models and prompts</source>
        <translation>模型与提示词</translation>
    </message>
    <message>
        <source>Proposals can be asked of {0}.</source>
        <translation>可以向 {0} 请求修复提案。</translation>
    </message>
    <message>
        <source>No model is set up. Nothing needs one.</source>
        <translation>未设置模型。所有功能都可以在没有模型时使用。</translation>
    </message>
    <message>
        <source>Prompts: {0}, of which {1} were edited here.</source>
        <translation>提示词：{0}，其中 {1} 个在此编辑过。</translation>
    </message>
    <message>
        <source>Prompts: {0}, all as shipped.</source>
        <translation>提示词：{0}，均为随附版本。</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Override…</source>
        <translation>强制接受…</translation>
    </message>
    <message>
        <source>Model settings…</source>
        <translation>模型设置…</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
</context>
<context>
    <name>OfferList</name>
    <message>
        <source>Completions</source>
        <translation>补全</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Type a few letters of a command</source>
        <translation>输入命令的几个字</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Commands that fit</source>
        <translation>匹配的命令</translation>
    </message>
</context>
<context>
    <name>PasteDialog</name>
    <message>
        <source>Answer by hand</source>
        <translation>手动回答</translation>
    </message>
    <message>
        <source>The question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>The answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Paste the answer of your chat here. Ctrl+Return uses it.</source>
        <translation>在此粘贴聊天工具的回答。Ctrl+Return 使用它。</translation>
    </message>
    <message>
        <source>&amp;Copy the question</source>
        <translation>复制问题(&amp;C)</translation>
    </message>
    <message>
        <source>Copy what is &amp;wrong</source>
        <translation>复制错误说明(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Stop the run</source>
        <translation>停止运行(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Use this answer</source>
        <translation>使用此回答(&amp;U)</translation>
    </message>
    <message>
        <source>{0} is asked to: {1}. Put the question to any chat that you have, and paste its answer.</source>
        <translation>请 {0}：{1}。把问题交给任意的聊天工具，再粘贴其回答。</translation>
    </message>
    <message>
        <source>{0} characters more are not shown; all of it is copied.</source>
        <translation>另有 {0} 个字符未显示；复制时包含全部内容。</translation>
    </message>
    <message>
        <source>▲ This answer cannot be used: {0}.</source>
        <translation>▲ 无法使用此回答：{0}。</translation>
    </message>
    <message>
        <source>◌ The run goes on…</source>
        <translation>◌ 运行继续…</translation>
    </message>
    <message>
        <source>✓ The question is copied.</source>
        <translation>✓ 问题已复制。</translation>
    </message>
    <message>
        <source>The run waits: paste an answer and use it, or stop the run.</source>
        <translation>运行正在等待：请粘贴并使用回答，或停止运行。</translation>
    </message>
</context>
<context>
    <name>PictureDesk</name>
    <message>
        <source>Save: {0}</source>
        <translation>保存：{0}</translation>
    </message>
    <message>
        <source>{0} files (*.{1})</source>
        <translation>{0} 文件 (*.{1})</translation>
    </message>
    <message>
        <source>Saving {0}…</source>
        <translation>正在保存 {0}…</translation>
    </message>
    <message>
        <source>Nothing was saved: {0}</source>
        <translation>没有保存任何内容：{0}</translation>
    </message>
    <message>
        <source>Saved {0}</source>
        <translation>已保存 {0}</translation>
    </message>
</context>
<context>
    <name>PicturePanel</name>
    <message>
        <source>Save as PNG…</source>
        <translation>保存为 PNG…</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>保存为 SVG…</translation>
    </message>
    <message>
        <source>Copy values</source>
        <translation>复制数值</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Values: {0}</source>
        <translation>数值：{0}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>保存为 PNG(&amp;P)…</translation>
    </message>
    <message>
        <source>Save as &amp;SVG…</source>
        <translation>保存为 SVG(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Copy values</source>
        <translation>复制数值(&amp;C)</translation>
    </message>
    <message>
        <source>Save in the colours of the &amp;window</source>
        <translation>按窗口配色保存(&amp;W)</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <source>Plan and actions</source>
        <translation>计划与动作</translation>
    </message>
    <message>
        <source>Plan steps stand on one side, actions on the other, and a line joins an action to the plan step that it carries out; a dashed line is a link that was read out of a text, with how sure it is.</source>
        <translation>计划步骤在一侧，动作在另一侧，连线表示动作所执行的计划步骤；虚线表示从文本中读出的关联，并标有置信度。</translation>
    </message>
    <message>
        <source>Plan steps: {0}, of those without an action: {1}. Actions: {2}, of those unplanned: {3}.</source>
        <translation>计划步骤：{0}，其中没有动作的：{1}。动作：{2}，其中计划外的：{3}。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>动作</translation>
    </message>
    <message>
        <source>Plan step</source>
        <translation>计划步骤</translation>
    </message>
    <message>
        <source>Intention</source>
        <translation>意图</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>unplanned</source>
        <translation>计划外</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>certain</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>only messages</source>
        <translation>仅有消息</translation>
    </message>
    <message>
        <source>no action</source>
        <translation>没有动作</translation>
    </message>
    <message>
        <source>plan step {0}: {1}: {2}</source>
        <translation>计划步骤 {0}：{1}：{2}</translation>
    </message>
    <message>
        <source>plan step {0}: {1}: carried out by {2}</source>
        <translation>计划步骤 {0}：{1}：由 {2} 执行</translation>
    </message>
    <message>
        <source>step {0}: {1}: unplanned</source>
        <translation>步骤 {0}：{1}：计划外</translation>
    </message>
    <message>
        <source>step {0}: {1}: for plan step {2}, {3}</source>
        <translation>步骤 {0}：{1}：对应计划步骤 {2}，{3}</translation>
    </message>
    <message>
        <source>Active time a decision</source>
        <translation>每个决定的活动时间</translation>
    </message>
    <message>
        <source>Idle time a decision</source>
        <translation>每个决定的空闲时间</translation>
    </message>
    <message>
        <source>Krippendorff&apos;s alpha of each question that several people answered independently: 1 is perfect, 0 is chance. The thin line is the 95 % interval.</source>
        <translation>多人独立回答的各问题的 Krippendorff α：1 为完全一致，0 为随机水平。细线为 95 % 置信区间。</translation>
    </message>
    <message>
        <source>Agreement by question</source>
        <translation>各问题的一致性</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>标注员</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>Bad proposals accepted</source>
        <translation>接受的坏提案</translation>
    </message>
    <message>
        <source>Of the proposals that were bad on purpose: fewer is better. 95 % intervals.</source>
        <translation>针对故意植入的坏提案：越少越好。附 95 % 置信区间。</translation>
    </message>
    <message>
        <source>Good proposals accepted</source>
        <translation>接受的好提案</translation>
    </message>
    <message>
        <source>Of the proposals that improve and are verified: more is better. 95 % intervals.</source>
        <translation>针对有改进且已验证的提案：越多越好。附 95 % 置信区间。</translation>
    </message>
    <message>
        <source>Settled: {0} of {1} lineages.</source>
        <translation>已裁决：{1} 个谱系中的 {0} 个。</translation>
    </message>
    <message>
        <source>Lineages by status</source>
        <translation>按状态统计的谱系</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>lineages</source>
        <translation>谱系</translation>
    </message>
    <message>
        <source>Progress over time</source>
        <translation>进度变化</translation>
    </message>
    <message>
        <source>Lineages that had somebody&apos;s verdict by the end of each day, in UTC, those included that are disputed since. The dashed line is all there are.</source>
        <translation>截至每天（UTC）结束时已有人裁定的谱系，包括此后有争议的。虚线为谱系总数。</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>settled</source>
        <translation>已裁决</translation>
    </message>
    <message>
        <source>Decisions by day</source>
        <translation>每日决定</translation>
    </message>
    <message>
        <source>Decisions of each day by kind, in UTC; those that were undone later are counted.</source>
        <translation>每天各类决定的数量（UTC）；后来撤销的也计入。</translation>
    </message>
    <message>
        <source>Decisions by hour of the day</source>
        <translation>按小时统计的决定</translation>
    </message>
    <message>
        <source>Decisions of all days together by the hour in which they were made, in UTC.</source>
        <translation>所有日期的决定按做出的小时（UTC）汇总。</translation>
    </message>
    <message>
        <source>Hour</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>decisions</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>lineages settled</source>
        <translation>已裁决的谱系</translation>
    </message>
    <message>
        <source>assigned and settled</source>
        <translation>已分配且已裁决</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>What each annotator did.</source>
        <translation>各标注员完成的工作。</translation>
    </message>
    <message>
        <source>What you did; the figures of others are hidden as long as you review blind.</source>
        <translation>您完成的工作；盲审期间隐藏他人的数据。</translation>
    </message>
    <message>
        <source>By annotator</source>
        <translation>按标注员</translation>
    </message>
    <message>
        <source>accepted, of all that was decided on</source>
        <translation>已接受（占全部已决定的比例）</translation>
    </message>
    <message>
        <source>proposals accepted</source>
        <translation>接受的提案</translation>
    </message>
    <message>
        <source>accepted against the rule</source>
        <translation>强制接受</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Shares with their counts. Decisions that were undone do not count, nor those on proposals that were bad on purpose. The thin line is the 95 % interval.</source>
        <translation>比例及其数量。不计已撤销的决定，也不计针对植入的坏提案的决定。细线为 95 % 置信区间。</translation>
    </message>
    <message>
        <source>Acceptance and override</source>
        <translation>接受与强制接受</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>share</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>0 of 0</source>
        <translation>0/0</translation>
    </message>
    <message>
        <source>{0} of {1} ({2} %)</source>
        <translation>{0}/{1}（{2} %）</translation>
    </message>
    <message>
        <source>without a reason, or with another</source>
        <translation>没有理由，或其他理由</translation>
    </message>
    <message>
        <source>Rejections by reason</source>
        <translation>按理由统计的拒绝</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>rejections</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>How often each reason was given.</source>
        <translation>各理由被使用的次数。</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>{0} (n {1})</source>
        <translation>{0}（n {1}）</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>Mean count of each component over the accepted candidates in which it was measured before and after; n says how many those are.</source>
        <translation>各分量在前后均有测量的已接受候选中的平均计数；n 为这些候选的数量。</translation>
    </message>
    <message>
        <source>Losses before and after</source>
        <translation>前后损失</translation>
    </message>
    <message>
        <source>Component</source>
        <translation>分量</translation>
    </message>
    <message>
        <source>Decisions by how many seconds they took; measured for {0}.</source>
        <translation>按用时（秒）统计的决定；共测量 {0} 个。</translation>
    </message>
    <message>
        <source>median {0} s</source>
        <translation>中位数 {0} 秒</translation>
    </message>
    <message>
        <source>Half of them took between {0} and {1} seconds.</source>
        <translation>其中一半用时在 {0} 到 {1} 秒之间。</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>rating {0}</source>
        <translation>评分 {0}</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>裁定</translation>
    </message>
    <message>
        <source>blame</source>
        <translation>归因</translation>
    </message>
    <message>
        <source>undefined: everybody always gave the same answer</source>
        <translation>无定义：所有人的回答始终相同</translation>
    </message>
    <message>
        <source>undefined: nothing was answered by two people independently</source>
        <translation>无定义：没有由两人独立回答的内容</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>skipped or flagged</source>
        <translation>跳过或标记</translation>
    </message>
    <message>
        <source>blame and gradients</source>
        <translation>归因与梯度</translation>
    </message>
    <message>
        <source>judged, rated, scored, linked or classified</source>
        <translation>判断、评分、打分、关联或归类</translation>
    </message>
    <message>
        <source>verified or restored</source>
        <translation>验证或恢复</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待处理</translation>
    </message>
    <message>
        <source>approved</source>
        <translation>已批准</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>已标记</translation>
    </message>
    <message>
        <source>disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <source>Blame by step over revisions</source>
        <translation>各修订版中按步骤的归因</translation>
    </message>
    <message>
        <source>Each row is a revision, each column a step, which keeps its column where it is moved. A hatched cell is blamed by as many gradients, unmet findings and failed executions as its number says; a triangle marks the earliest cause, a cross a failed execution, a tick a step that is right now and was blamed before.</source>
        <translation>每行是一个修订版，每列是一个步骤，步骤移动后仍在原列。带阴影线的格子表示被归因，数字为梯度、未满足的检查结果和失败执行的总数；三角表示最早起因，叉表示执行失败，对勾表示现在正确而之前被归因的步骤。</translation>
    </message>
    <message>
        <source>{0}: not inspected.</source>
        <translation>{0}：未检查。</translation>
    </message>
    <message>
        <source>{0}: blamed steps {1}; got right {2}; blames on no single step {3}.</source>
        <translation>{0}：被归因的步骤 {1}；已改正 {2}；不针对单个步骤的归因 {3}。</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>修订版</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>功能</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Unmet findings</source>
        <translation>未满足的检查结果</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Earliest cause</source>
        <translation>最早起因</translation>
    </message>
    <message>
        <source>Got right</source>
        <translation>已改正</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>{0}: step {1}, {2}: blamed before, right now</source>
        <translation>{0}：步骤 {1}，{2}：之前被归因，现已正确</translation>
    </message>
    <message>
        <source>{0}: step {1}, {2}: gradients {3}, unmet findings {4}</source>
        <translation>{0}：步骤 {1}，{2}：梯度 {3}，未满足的检查结果 {4}</translation>
    </message>
    <message>
        <source>its execution failed</source>
        <translation>执行失败</translation>
    </message>
    <message>
        <source>the earliest cause</source>
        <translation>最早起因</translation>
    </message>
    <message>
        <source>Loss over revisions</source>
        <translation>各修订版的损失</translation>
    </message>
    <message>
        <source>Each marker is a revision, its height the sum of the losses. Circle: recorded; square: accepted; cross: refused; diamond: accepted against the rule; question mark: not inspected. The rule compares the components one after the other, so that the sum of an accepted revision may be larger.</source>
        <translation>每个标记是一个修订版，高度为损失之和。圆形：原始记录；方形：已接受；叉：被拒；菱形：强制接受；问号：未检查。规则逐个比较各分量，因此已接受修订版的损失之和可能更大。</translation>
    </message>
    <message>
        <source>Cascades</source>
        <translation>级联</translation>
    </message>
    <message>
        <source>A row for each task or step. The filled part of a bar are the votes of the majority, the hatched parts other answers, the empty part samples without an answer. The dashed line is the threshold that the majority has to pass; then the stage is accepted, else the next one runs. A person may decide otherwise.</source>
        <translation>每个任务或步骤一行。条形的实心部分是多数票，阴影部分是其他回答，空白部分是没有回答的样本。虚线是多数票须越过的阈值；越过则接受该阶段，否则进入下一阶段。人可以另作决定。</translation>
    </message>
    <message>
        <source>Task or step</source>
        <translation>任务或步骤</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>执行者</translation>
    </message>
    <message>
        <source>Votes</source>
        <translation>投票</translation>
    </message>
    <message>
        <source>Consensus</source>
        <translation>一致度</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Tokens and price</source>
        <translation>令牌与价格</translation>
    </message>
    <message>
        <source>Resolved at</source>
        <translation>解决于</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>waits for you</source>
        <translation>等待您处理</translation>
    </message>
    <message>
        <source>not resolved</source>
        <translation>未解决</translation>
    </message>
    <message>
        <source>did not run</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>not inspected</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>{0}: {1}, {2}</source>
        <translation>{0}：{1}，{2}</translation>
    </message>
    <message>
        <source>Plan tree</source>
        <translation>计划树</translation>
    </message>
    <message>
        <source>Each box is a plan, and a line leads to the plans that were refined from one of its failed rollouts. Q is its reward after what came of it below, N how often the search came by, UCB decides where the search goes on. A dot is a rollout that is verified, a cross one that is not, a ring one that nothing judged. c_p says how alike the rollouts are; a good way that no other took lowers it, too. A star marks the best plan.</source>
        <translation>每个方框是一个计划，连线通向由其某次失败执行改进而来的计划。Q 是计入下层结果后的奖励，N 是搜索经过的次数，UCB 决定搜索在哪里继续。圆点是已验证的执行，叉号是未通过的，圆环是无人评判的。c_p 表示各次执行有多相似；别人没走过的好路径也会使它降低。星号标出最佳计划。</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Refined from plan</source>
        <translation>改进自计划</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Q</source>
        <translation>Q</translation>
    </message>
    <message>
        <source>N</source>
        <translation>N</translation>
    </message>
    <message>
        <source>UCB</source>
        <translation>UCB</translation>
    </message>
    <message>
        <source>c_p</source>
        <translation>c_p</translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>plan {0}{1}: Q {2}, N {3}, UCB {4}, c_p {5}, rollouts {6}, verified {7}</source>
        <translation>计划 {0}{1}：Q {2}，N {3}，UCB {4}，c_p {5}，执行 {6}，已验证 {7}</translation>
    </message>
    <message>
        <source>{0}, the best</source>
        <translation>{0}，最佳</translation>
    </message>
    <message>
        <source>, refined from plan {0}</source>
        <translation>，改进自计划 {0}</translation>
    </message>
    <message>
        <source>, refined from rollout {1} of plan {0}</source>
        <translation>，改进自计划 {0} 的第 {1} 次执行</translation>
    </message>
    <message>
        <source>refined from</source>
        <translation>改进自</translation>
    </message>
    <message>
        <source>refined from {0}</source>
        <translation>改进自 {0}</translation>
    </message>
    <message>
        <source>Plan {0}</source>
        <translation>计划 {0}</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>nothing is known</source>
        <translation>一无所知</translation>
    </message>
    <message>
        <source>of the known: {0}</source>
        <translation>已知部分：{0}</translation>
    </message>
    <message>
        <source>quality not measured</source>
        <translation>质量未测得</translation>
    </message>
    <message>
        <source>{0} of {1} verified</source>
        <translation>{1} 个中 {0} 个已验证</translation>
    </message>
    <message>
        <source>What if stage 1 asked for {0}, and stage 2 for {1}</source>
        <translation>如果阶段 1 要求 {0}，阶段 2 要求 {1}</translation>
    </message>
    <message>
        <source>How many cascades end at each stage: replayed from the votes on record, without asking any model. Unknown are those in which a stage would run that has no samples. What people decided at a gate does not count.</source>
        <translation>各阶段结束的级联数：由记录中的投票重放得出，不询问任何模型。需要运行但没有样本的阶段记为未知。人在关口的决定不计入。</translation>
    </message>
    <message>
        <source>As it was</source>
        <translation>原来</translation>
    </message>
    <message>
        <source>It would be</source>
        <translation>将会是</translation>
    </message>
    <message>
        <source>stage 1</source>
        <translation>阶段 1</translation>
    </message>
    <message>
        <source>stage 2</source>
        <translation>阶段 2</translation>
    </message>
    <message>
        <source>stage 3</source>
        <translation>阶段 3</translation>
    </message>
</context>
<context>
    <name>PicturesWindow</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Blame by step</source>
        <translation>按步骤的归因</translation>
    </message>
    <message>
        <source>Plan and actions</source>
        <translation>计划与动作</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Pictures: {0}</source>
        <translation>图示：{0}</translation>
    </message>
    <message>
        <source>Aligning the revisions…</source>
        <translation>正在对齐修订版…</translation>
    </message>
</context>
<context>
    <name>Plan</name>
    <message>
        <source>Turn {0}</source>
        <translation>第 {0} 轮</translation>
    </message>
    <message>
        <source>Not linked to the plan</source>
        <translation>未关联到计划</translation>
    </message>
    <message>
        <source>no steps</source>
        <translation>没有步骤</translation>
    </message>
    <message>
        <source>step {0}</source>
        <translation>步骤 {0}</translation>
    </message>
    <message>
        <source>steps {0}</source>
        <translation>步骤 {0}</translation>
    </message>
    <message>
        <source>hunk {0}</source>
        <translation>改动块 {0}</translation>
    </message>
    <message>
        <source>put in by {0}: {1}</source>
        <translation>由 {0} 插入：{1}</translation>
    </message>
    <message>
        <source>earliest cause, named by a person</source>
        <translation>最早起因（由人指定）</translation>
    </message>
    <message>
        <source>earliest cause</source>
        <translation>最早起因</translation>
    </message>
    <message>
        <source>carried over: not executed again after the edit</source>
        <translation>沿用：编辑后未重新执行</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 条注记</translation>
    </message>
    <message>
        <source>{0} notes</source>
        <translation>{0} 条注记</translation>
    </message>
    <message>
        <source>by its words like step {0}, {1} %</source>
        <translation>按用词与步骤 {0} 相似，{1} %</translation>
    </message>
    <message>
        <source>linked by hand</source>
        <translation>手动关联</translation>
    </message>
    <message>
        <source>at least {0} % sure</source>
        <translation>至少 {0} % 把握</translation>
    </message>
    <message>
        <source>no plan step, by hand</source>
        <translation>无计划步骤（手动）</translation>
    </message>
    <message>
        <source>plan step {0}, by hand</source>
        <translation>计划步骤 {0}（手动）</translation>
    </message>
    <message>
        <source>link {0} %</source>
        <translation>关联 {0} %</translation>
    </message>
    <message>
        <source>by its words like plan step {0}, {1} %</source>
        <translation>按用词与计划步骤 {0} 相似，{1} %</translation>
    </message>
    <message>
        <source>no plan step</source>
        <translation>无计划步骤</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>(no words)</source>
        <translation>（无文字）</translation>
    </message>
    <message>
        <source>recorded: {0}</source>
        <translation>原记录：{0}</translation>
    </message>
    <message>
        <source>not executed</source>
        <translation>未执行</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>answered otherwise than recorded</source>
        <translation>回答与记录不同</translation>
    </message>
    <message>
        <source>not replayed</source>
        <translation>未重放</translation>
    </message>
    <message>
        <source>executed</source>
        <translation>已执行</translation>
    </message>
    <message>
        <source>moved in front of step {0}</source>
        <translation>移到步骤 {0} 之前</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>plan step taken away</source>
        <translation>已取消计划步骤关联</translation>
    </message>
    <message>
        <source>linked to plan step {0}</source>
        <translation>已关联到计划步骤 {0}</translation>
    </message>
    <message>
        <source>argument changed</source>
        <translation>参数已更改</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>已替换</translation>
    </message>
</context>
<context>
    <name>PlanDesk</name>
    <message>
        <source>◌ The planner is at work.</source>
        <translation>◌ 规划者正在工作。</translation>
    </message>
    <message>
        <source>◌ The planner is at work: {0}</source>
        <translation>◌ 规划者正在工作：{0}</translation>
    </message>
    <message>
        <source>A run works on this trajectory: decide on its plan when it is done.</source>
        <translation>有运行正在处理此轨迹：请等它结束后再决定其计划。</translation>
    </message>
    <message>
        <source>Decide on what you changed on the desk first: it would be lost.</source>
        <translation>请先对您在工作台上的更改作出决定，否则会丢失。</translation>
    </message>
    <message>
        <source>Saved: a revision with the new plan</source>
        <translation>已保存：带新计划的修订版</translation>
    </message>
    <message>
        <source>This plan is not grounded in what was done:
{0}</source>
        <translation>该计划没有以实际执行为依据：
{0}</translation>
    </message>
    <message>
        <source>Saved: the plan is accepted</source>
        <translation>已保存：计划已接受</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Reject this plan. It stays on record with the reason.</source>
        <translation>拒绝此计划。它将连同原因保留在记录中。</translation>
    </message>
    <message>
        <source>Saved: the plan is rejected</source>
        <translation>已保存：计划已拒绝</translation>
    </message>
    <message>
        <source>Saved: rejected</source>
        <translation>已保存：已拒绝</translation>
    </message>
</context>
<context>
    <name>PlanNodePane</name>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Rollout</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>Refined into</source>
        <translation>改进为</translation>
    </message>
    <message>
        <source>Rollouts of the plan</source>
        <translation>计划的各次执行</translation>
    </message>
    <message>
        <source>Open at the &amp;desk</source>
        <translation>在工作台打开(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Refine from this failed rollout</source>
        <translation>从这次失败的执行改进(&amp;R)</translation>
    </message>
    <message>
        <source>Selected plan</source>
        <translation>选中的计划</translation>
    </message>
    <message>
        <source>No plan is selected</source>
        <translation>未选中计划</translation>
    </message>
    <message>
        <source>Plan {0}, the first one</source>
        <translation>计划 {0}，首个计划</translation>
    </message>
    <message>
        <source>Plan {0}, refined from plan {1}</source>
        <translation>计划 {0}，改进自计划 {1}</translation>
    </message>
    <message>
        <source>A plan is refined from a rollout that failed.</source>
        <translation>计划由失败的执行改进而来。</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>未通过</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测得</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>已验证</translation>
    </message>
</context>
<context>
    <name>PlanPane</name>
    <message>
        <source>What the task asks for</source>
        <translation>任务的要求</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Edit step</source>
        <translation>编辑步骤</translation>
    </message>
    <message>
        <source>Delete step</source>
        <translation>删除步骤</translation>
    </message>
    <message>
        <source>Insert call before</source>
        <translation>在前面插入调用</translation>
    </message>
    <message>
        <source>Move step up</source>
        <translation>上移步骤</translation>
    </message>
    <message>
        <source>Move step down</source>
        <translation>下移步骤</translation>
    </message>
    <message>
        <source>Move blame to step</source>
        <translation>归因到此步骤</translation>
    </message>
    <message>
        <source>Continue from here…</source>
        <translation>从此处续跑…</translation>
    </message>
    <message>
        <source>Fold out</source>
        <translation>展开</translation>
    </message>
    <message>
        <source>Link to plan step</source>
        <translation>关联到计划步骤</translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation>无(&amp;N)</translation>
    </message>
</context>
<context>
    <name>PlanTable</name>
    <message>
        <source>locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已更改</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已移除</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Plan step</source>
        <translation>计划步骤</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Expected outcome</source>
        <translation>预期结果</translation>
    </message>
    <message>
        <source>Carried out by steps</source>
        <translation>由哪些步骤执行</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
</context>
<context>
    <name>PlanTreeDesk</name>
    <message>
        <source>Another run is under way.</source>
        <translation>另一个运行正在进行。</translation>
    </message>
    <message>
        <source>Searching: {0} of {1} tasks</source>
        <translation>搜索中：{1} 个任务中的 {0} 个</translation>
    </message>
    <message>
        <source>The search has ended: {0} of {1} tasks</source>
        <translation>搜索已结束：{1} 个任务中的 {0} 个</translation>
    </message>
    <message>
        <source>{0} tokens, {1} USD</source>
        <translation>{0} 个令牌，{1} 美元</translation>
    </message>
</context>
<context>
    <name>PlanTreesWindow</name>
    <message>
        <source>Plan trees</source>
        <translation>计划树</translation>
    </message>
    <message>
        <source>Trees</source>
        <translation>树</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Best plan</source>
        <translation>最佳计划</translation>
    </message>
    <message>
        <source>Searched</source>
        <translation>搜索时间</translation>
    </message>
    <message>
        <source>S&amp;top the search</source>
        <translation>停止搜索(&amp;T)</translation>
    </message>
    <message>
        <source>New search</source>
        <translation>新搜索</translation>
    </message>
    <message>
        <source>&amp;New search…</source>
        <translation>新搜索(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;Whole tree</source>
        <translation>整棵树(&amp;W)</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Reading the trees…</source>
        <translation>正在读取树…</translation>
    </message>
    <message>
        <source>There is no plan tree yet. A search writes plans for a task, carries each out several times, and refines the promising ones from what failed; each tree of plans is then drawn here.</source>
        <translation>还没有计划树。搜索会为任务编写计划，将每个计划执行多次，并依据失败改进有希望的计划；每棵计划树都会画在这里。</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测得</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>未通过</translation>
    </message>
</context>
<context>
    <name>PlanWindow</name>
    <message>
        <source>Plans over time</source>
        <translation>计划的演变</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Plan anew from step</source>
        <translation>从步骤起重新规划</translation>
    </message>
    <message>
        <source>&amp;Write anew from step</source>
        <translation>从此步骤起重写(&amp;W)</translation>
    </message>
    <message>
        <source>Ask the &amp;planner</source>
        <translation>询问规划者(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Grounded plan</source>
        <translation>依据执行的计划(&amp;G)</translation>
    </message>
    <message>
        <source>Grounded plan by the &amp;model</source>
        <translation>由模型写依据执行的计划(&amp;M)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>A&amp;dd a step</source>
        <translation>添加步骤(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>上移(&amp;U)</translation>
    </message>
    <message>
        <source>Move do&amp;wn</source>
        <translation>下移(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Save as a revision</source>
        <translation>保存为修订版(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Accept this plan</source>
        <translation>接受此计划(&amp;A)</translation>
    </message>
    <message>
        <source>Re&amp;ject…</source>
        <translation>拒绝(&amp;J)…</translation>
    </message>
    <message>
        <source>Plans: {0}</source>
        <translation>计划：{0}</translation>
    </message>
    <message>
        <source>no step under it</source>
        <translation>其下没有步骤</translation>
    </message>
    <message>
        <source>steps {0}</source>
        <translation>步骤 {0}</translation>
    </message>
    <message>
        <source>{0} changed</source>
        <translation>{0} 处更改</translation>
    </message>
    <message>
        <source>Grounded plan</source>
        <translation>依据执行的计划</translation>
    </message>
    <message>
        <source>New plan from step {0}</source>
        <translation>从步骤 {0} 起的新计划</translation>
    </message>
    <message>
        <source>There is no plan yet: write one, or make a grounded plan of what was done.</source>
        <translation>还没有计划：请编写一个，或依据已执行的内容生成。</translation>
    </message>
    <message>
        <source>Plan steps up to {0} were carried out before step {1}: they stay as they are.</source>
        <translation>计划步骤 {0} 及之前的在步骤 {1} 之前已执行：保持不变。</translation>
    </message>
    <message>
        <source>Steps are written like 3–5, 7. This cannot be read: {0}</source>
        <translation>步骤写作 3–5, 7 的形式。无法读取：{0}</translation>
    </message>
    <message>
        <source>Step {0} is named by two plan steps.</source>
        <translation>步骤 {0} 被两个计划步骤提到。</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>{0} of {1} decided</source>
        <translation>已决定 {0}/{1}</translation>
    </message>
    <message>
        <source>{0} of {1} decided; yours: {2} of {3}</source>
        <translation>已决定 {0}/{1}；您的：{2}/{3}</translation>
    </message>
</context>
<context>
    <name>PromptsPage</name>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Text of the prompt</source>
        <translation>提示词文本</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Reset to the shipped one</source>
        <translation>恢复为随附版本(&amp;R)</translation>
    </message>
    <message>
        <source>your own text</source>
        <translation>您自己的文本</translation>
    </message>
    <message>
        <source>as shipped</source>
        <translation>随附版本</translation>
    </message>
    <message>
        <source>{0}, version {1}, {2}</source>
        <translation>{0}，版本 {1}，{2}</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>未保存</translation>
    </message>
</context>
<context>
    <name>ProposalPane</name>
    <message>
        <source>Proposal</source>
        <translation>修复提案</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>◌ The model is at work. Esc stops it; what it was asked stays on record.</source>
        <translation>◌ 模型正在工作。按 Esc 停止；对它的提问会保留在记录中。</translation>
    </message>
    <message>
        <source>◌ Searching for a repair: candidates are executed one by one.</source>
        <translation>◌ 正在寻找修复：逐个执行候选。</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>Hunk {0} of {1}</source>
        <translation>改动块 {0}/{1}</translation>
    </message>
    <message>
        <source>{0} hunks</source>
        <translation>{0} 个改动块</translation>
    </message>
    <message>
        <source>{0} tried</source>
        <translation>已尝试 {0} 个</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个 token</translation>
    </message>
    <message>
        <source>with a new plan from step {0}</source>
        <translation>带有从步骤 {0} 起的新计划</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Query</name>
    <message>
        <source>environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>part of an environment</source>
        <translation>环境的一部分</translation>
    </message>
    <message>
        <source>in the task&apos;s key or title</source>
        <translation>在任务的键或标题中</translation>
    </message>
    <message>
        <source>in the model&apos;s name</source>
        <translation>在模型名称中</translation>
    </message>
    <message>
        <source>format it was imported from</source>
        <translation>导入时的格式</translation>
    </message>
    <message>
        <source>in the path of its file</source>
        <translation>在其文件路径中</translation>
    </message>
    <message>
        <source>where its review stands</source>
        <translation>审阅状态</translation>
    </message>
    <message>
        <source>whether it was inspected</source>
        <translation>是否已检查</translation>
    </message>
    <message>
        <source>whether all goals and hard constraints hold</source>
        <translation>所有目标和硬约束是否成立</translation>
    </message>
    <message>
        <source>in the words of its gradients</source>
        <translation>在其梯度的文字中</translation>
    </message>
    <message>
        <source>anywhere in task, steps and gradients</source>
        <translation>任务、步骤和梯度中的任意位置</translation>
    </message>
    <message>
        <source>who is to decide</source>
        <translation>由谁决定</translation>
    </message>
    <message>
        <source>whose decision stands on it</source>
        <translation>谁的决定有效</translation>
    </message>
    <message>
        <source>loss: sum of what was measured</source>
        <translation>损失：所有已测量值之和</translation>
    </message>
    <message>
        <source>number of steps</source>
        <translation>步骤数</translation>
    </message>
    <message>
        <source>number of revisions</source>
        <translation>修订版数</translation>
    </message>
    <message>
        <source>more than</source>
        <translation>大于</translation>
    </message>
    <message>
        <source>exactly</source>
        <translation>等于</translation>
    </message>
    <message>
        <source>less than</source>
        <translation>小于</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>不小于</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>不大于</translation>
    </message>
    <message>
        <source>any other number than</source>
        <translation>不等于</translation>
    </message>
    <message>
        <source>cannot read &quot;{0}&quot;: losses are compared with a count, as in loss.goal&gt;0</source>
        <translation>无法识别“{0}”：损失要与数字比较，例如 loss.goal&gt;0</translation>
    </message>
    <message>
        <source>no field is called &quot;{0}&quot;; there are {1}, and loss.COMPONENT&gt;N</source>
        <translation>没有名为“{0}”的字段；可用的有 {1}，以及 loss.COMPONENT&gt;N</translation>
    </message>
    <message>
        <source>no loss is called &quot;{0}&quot;; there are {1}; words to search for go in quotes</source>
        <translation>没有名为“{0}”的损失；可用的有 {1}；要搜索的文字请放在引号中</translation>
    </message>
    <message>
        <source>no count is called &quot;{0}&quot;; there are {1}; words to search for go in quotes</source>
        <translation>没有名为“{0}”的计数；可用的有 {1}；要搜索的文字请放在引号中</translation>
    </message>
    <message>
        <source>{0} cannot be &quot;{1}&quot;; it is one of {2}</source>
        <translation>{0} 不能是“{1}”；可用的值有 {2}</translation>
    </message>
    <message>
        <source>{0} is compared with a count, as in {0}&gt;0, not with &quot;{1}&quot;</source>
        <translation>{0} 要与数字比较（例如 {0}&gt;0），不能与“{1}”比较</translation>
    </message>
    <message>
        <source>the quotes must close: {0}</source>
        <translation>引号必须成对：{0}</translation>
    </message>
    <message>
        <source>a space must follow the closing quote, before &quot;{0}&quot;</source>
        <translation>后引号与“{0}”之间必须有空格</translation>
    </message>
    <message>
        <source>a value must stand right behind &quot;{0}:&quot;</source>
        <translation>“{0}:”之后必须紧跟一个值</translation>
    </message>
    <message>
        <source>a value is missing beside a comma of &quot;{0}:&quot;</source>
        <translation>“{0}:”的逗号旁缺少一个值</translation>
    </message>
    <message>
        <source>a minus sign negates what follows</source>
        <translation>减号表示排除其后的内容</translation>
    </message>
    <message>
        <source>&quot;{0}:&quot; is hidden while you review blind</source>
        <translation>盲审期间不能使用“{0}:”</translation>
    </message>
    <message>
        <source>it was inspected</source>
        <translation>已检查</translation>
    </message>
    <message>
        <source>it was not inspected yet</source>
        <translation>尚未检查</translation>
    </message>
    <message>
        <source>every goal and hard constraint holds</source>
        <translation>所有目标和硬约束均成立</translation>
    </message>
    <message>
        <source>one does not hold</source>
        <translation>有一项不成立</translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>未判定</translation>
    </message>
    <message>
        <source>{0}; did you mean &quot;{1}&quot;?</source>
        <translation>{0}；您是不是要找“{1}”？</translation>
    </message>
    <message>
        <source>loss: {0}</source>
        <translation>损失：{0}</translation>
    </message>
</context>
<context>
    <name>QueryLine</name>
    <message>
        <source>Completions: {0}</source>
        <translation>补全：{0}</translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>to do</source>
        <translation>待处理</translation>
    </message>
    <message>
        <source>approved</source>
        <translation>已批准</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>已标记</translation>
    </message>
    <message>
        <source>disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <source>{0} steps</source>
        <translation>{0} 个步骤</translation>
    </message>
    <message>
        <source>trial {0}</source>
        <translation>第 {0} 次试验</translation>
    </message>
    <message>
        <source>synthetic</source>
        <translation>合成</translation>
    </message>
    <message>
        <source>not inspected</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>loss {0}</source>
        <translation>损失 {0}</translation>
    </message>
</context>
<context>
    <name>QueueList</name>
    <message>
        <source>Trajectories</source>
        <translation>轨迹</translation>
    </message>
</context>
<context>
    <name>QueuePane</name>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>status:pending loss.goal&gt;0 refund</source>
        <translation>status:pending loss.goal&gt;0 refund</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>as imported</source>
        <translation>导入顺序</translation>
    </message>
    <message>
        <source>worst first</source>
        <translation>最差优先</translation>
    </message>
    <message>
        <source>What to show; Ctrl+Space offers what can stand at the cursor</source>
        <translation>要显示的内容；按 Ctrl+Space 查看光标处可用的补全</translation>
    </message>
    <message>
        <source>There are no trajectories yet.
Import recorded runs, or add samples to try the desk.</source>
        <translation>还没有轨迹。
请导入运行记录，或添加示例来试用工作台。</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Add samples</source>
        <translation>添加示例</translation>
    </message>
    <message>
        <source>Clear query</source>
        <translation>清除查询</translation>
    </message>
    <message>
        <source>No trajectory fits this query.</source>
        <translation>没有符合此查询的轨迹。</translation>
    </message>
    <message>
        <source>{0} left of {1}</source>
        <translation>剩余 {0}/{1}</translation>
    </message>
</context>
<context>
    <name>Reason</name>
    <message>
        <source>Reject the candidate</source>
        <translation>拒绝候选</translation>
    </message>
    <message>
        <source>The candidate stays on record with the reason, and the run goes on without it.</source>
        <translation>该候选及理由会保留在记录中，运行不采用它而继续。</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Reject this trajectory. It stays on record with the reason.</source>
        <translation>拒绝此轨迹。它和理由会一起保留在记录中。</translation>
    </message>
    <message>
        <source>Override</source>
        <translation>强制接受</translation>
    </message>
    <message>
        <source>Accept it although the rule refuses it or it is not verified. The record says so.</source>
        <translation>规则拒绝或未通过验证时仍然接受。记录中会注明这一点。</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Mark this trajectory for somebody else to look at.</source>
        <translation>标记此轨迹，请其他人查看。</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Reason in your own words</source>
        <translation>用自己的话说明理由</translation>
    </message>
    <message>
        <source>or in your own words</source>
        <translation>或用自己的话说明</translation>
    </message>
    <message>
        <source>&amp;Keep this reason in the list</source>
        <translation>将此理由保留在列表中(&amp;K)</translation>
    </message>
    <message>
        <source>Common reasons</source>
        <translation>常用理由</translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>a gradient reveals the gold answer</source>
        <translation>梯度透露了标准答案</translation>
    </message>
    <message>
        <source>it is in no lesson</source>
        <translation>不写入任何课例</translation>
    </message>
    <message>
        <source>superseded by a later revision</source>
        <translation>已被后来的修订版取代</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>未通过验证</translation>
    </message>
    <message>
        <source>no person decided</source>
        <translation>没有人做出决定</translation>
    </message>
    <message>
        <source>accepted against the rule</source>
        <translation>违背规则强制接受</translation>
    </message>
    <message>
        <source>whoever decided could see the gold answer</source>
        <translation>做决定的人能看到标准答案</translation>
    </message>
    <message>
        <source>fewer than two people judged it independently</source>
        <translation>独立判断的人少于两个</translation>
    </message>
    <message>
        <source>too few agree</source>
        <translation>意见一致的人太少</translation>
    </message>
    <message>
        <source>approved as it is</source>
        <translation>按原样批准</translation>
    </message>
    <message>
        <source>it differs from nothing</source>
        <translation>没有可与之比较的内容</translation>
    </message>
    <message>
        <source>the answer was only carried over after an edit</source>
        <translation>该回答只是编辑后沿用的</translation>
    </message>
    <message>
        <source>judged good and bad</source>
        <translation>既被判为好又被判为坏</translation>
    </message>
    <message>
        <source>rejected later</source>
        <translation>后来被拒绝</translation>
    </message>
    <message>
        <source>the proposal was bad on purpose, to see who follows it</source>
        <translation>该提案是故意植入的坏提案</translation>
    </message>
    <message>
        <source>people decided differently, and nobody settled it yet</source>
        <translation>决定不一致，尚未裁决</translation>
    </message>
    <message>
        <source>people decided differently, and it was settled otherwise</source>
        <translation>决定不一致，裁决结果与此不同</translation>
    </message>
    <message>
        <source>the proposal was not executed as it was</source>
        <translation>该提案没有按原样执行</translation>
    </message>
    <message>
        <source>what would have followed is not known</source>
        <translation>不知道之后会发生什么</translation>
    </message>
    <message>
        <source>chosen equals rejected</source>
        <translation>选中与拒绝的内容相同</translation>
    </message>
    <message>
        <source>nothing to prefer it to</source>
        <translation>没有可比较的对象</translation>
    </message>
    <message>
        <source>no plan</source>
        <translation>没有计划</translation>
    </message>
    <message>
        <source>nothing carries out the plan</source>
        <translation>没有任何步骤执行该计划</translation>
    </message>
    <message>
        <source>its task was made after tasks of different parts</source>
        <translation>其任务仿照了属于不同部分的任务</translation>
    </message>
    <message>
        <source>the plan was written bit by bit, while it was carried out</source>
        <translation>计划是在执行过程中逐步写出的</translation>
    </message>
    <message>
        <source>the plan belongs to another course of events</source>
        <translation>该计划属于另一条事件线</translation>
    </message>
    <message>
        <source>no action is linked to a step of the plan</source>
        <translation>没有动作关联到计划步骤</translation>
    </message>
    <message>
        <source>a plan was carried out fewer than twice</source>
        <translation>某个计划执行少于两次</translation>
    </message>
    <message>
        <source>how alike was not measured</source>
        <translation>未测得相似程度</translation>
    </message>
    <message>
        <source>the executions of a plan were not judged</source>
        <translation>某个计划的执行没有得到评判</translation>
    </message>
    <message>
        <source>the executions of both plans went equally well</source>
        <translation>两个计划的执行结果同样好</translation>
    </message>
    <message>
        <source>the two plans were written for different words of the user</source>
        <translation>两个计划针对用户不同的话编写</translation>
    </message>
    <message>
        <source>no step was put right</source>
        <translation>没有步骤得到改正</translation>
    </message>
    <message>
        <source>the accepted answer is words</source>
        <translation>被接受的回答是文字</translation>
    </message>
    <message>
        <source>equality says nothing of them</source>
        <translation>相等与否不能说明问题</translation>
    </message>
    <message>
        <source>nothing is known of any of its steps</source>
        <translation>对其任何步骤都一无所知</translation>
    </message>
    <message>
        <source>not inspected</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>nothing was asked of the agent, or it did nothing</source>
        <translation>没有向智能体提出要求，或它什么也没做</translation>
    </message>
    <message>
        <source>no prompt</source>
        <translation>没有提示词</translation>
    </message>
    <message>
        <source>one side has no answer of the assistant there</source>
        <translation>其中一方在该处没有助手的回答</translation>
    </message>
    <message>
        <source>an answer says and does nothing</source>
        <translation>回答既没说也没做任何事</translation>
    </message>
    <message>
        <source>the chosen answer is carried over, nobody rewrote it</source>
        <translation>选中的回答是沿用的，没有人改写</translation>
    </message>
    <message>
        <source>words before it belong to another course of events</source>
        <translation>它之前的话属于另一条事件线</translation>
    </message>
    <message>
        <source>the head has no steps</source>
        <translation>当前版本没有步骤</translation>
    </message>
    <message>
        <source>an empty answer</source>
        <translation>空回答</translation>
    </message>
    <message>
        <source>an answer that is part of the chat template&apos;s own words</source>
        <translation>回答与对话模板自身的文字重合</translation>
    </message>
    <message>
        <source>the assistant acts before anybody says a word</source>
        <translation>在任何人说话之前助手就行动了</translation>
    </message>
    <message>
        <source>the assistant says and does nothing</source>
        <translation>助手既没说也没做任何事</translation>
    </message>
    <message>
        <source>chosen equals rejected where calls are text</source>
        <translation>调用写成文本后，选中与拒绝的内容相同</translation>
    </message>
    <message>
        <source>both answers are the same once they are masked</source>
        <translation>遮盖之后两个回答相同</translation>
    </message>
    <message>
        <source>the losses were not measured</source>
        <translation>没有测得损失</translation>
    </message>
    <message>
        <source>there is no reward</source>
        <translation>没有奖励</translation>
    </message>
    <message>
        <source>the losses of both sides cannot be compared</source>
        <translation>双方的损失无法比较</translation>
    </message>
    <message>
        <source>the system speaks in the middle of the chat</source>
        <translation>对话中间出现系统消息</translation>
    </message>
    <message>
        <source>there is no place for that</source>
        <translation>没有放置它的位置</translation>
    </message>
    <message>
        <source>the user says nothing before the assistant acts</source>
        <translation>助手行动之前用户什么也没说</translation>
    </message>
    <message>
        <source>an empty answer, which the loader would take for a bad one</source>
        <translation>空回答，加载器会把它当成坏的</translation>
    </message>
    <message>
        <source>a thought holds the mark of a tool call, which the loader would take for one</source>
        <translation>思考中含有工具调用的标记，加载器会把它当成调用</translation>
    </message>
    <message>
        <source>a tool&apos;s name has other characters than letters, digits, _ and -, or more than 64</source>
        <translation>工具名含有字母、数字、_ 和 - 以外的字符，或超过 64 个字符</translation>
    </message>
    <message>
        <source>nothing was put right in it</source>
        <translation>其中没有任何改正</translation>
    </message>
    <message>
        <source>what differs first is not the assistant&apos;s</source>
        <translation>首个不同之处不是助手的</translation>
    </message>
    <message>
        <source>says and does nothing</source>
        <translation>既没说也没做任何事</translation>
    </message>
    <message>
        <source>the task says nothing</source>
        <translation>任务没有内容</translation>
    </message>
    <message>
        <source>no margin was measured</source>
        <translation>没有测得边际</translation>
    </message>
    <message>
        <source>the losses of the chosen side are worse</source>
        <translation>选中一方的损失更差</translation>
    </message>
    <message>
        <source>nothing is known of its first step</source>
        <translation>对其第一个步骤一无所知</translation>
    </message>
    <message>
        <source>the same as an earlier one</source>
        <translation>与前面的一条相同</translation>
    </message>
    <message>
        <source>base</source>
        <translation>基础版本</translation>
    </message>
    <message>
        <source>rejected candidate</source>
        <translation>被拒绝的候选</translation>
    </message>
    <message>
        <source>its losses cannot be compared</source>
        <translation>其损失无法比较</translation>
    </message>
    <message>
        <source>its losses are not worse</source>
        <translation>其损失并不更差</translation>
    </message>
    <message>
        <source>not drawn in resampling</source>
        <translation>重采样时未被抽中</translation>
    </message>
    <message>
        <source>no weight was measured to weigh it by</source>
        <translation>没有测得可用作权重的量</translation>
    </message>
    <message>
        <source>no margin was measured to weigh it by</source>
        <translation>没有测得可用作权重的边际</translation>
    </message>
    <message>
        <source>no agreement was measured to weigh it by</source>
        <translation>没有测得可用作权重的一致性</translation>
    </message>
    <message>
        <source>more than 128 tools</source>
        <translation>工具超过 128 个</translation>
    </message>
    <message>
        <source>filter</source>
        <translation>筛选</translation>
    </message>
</context>
<context>
    <name>ReliancePage</name>
    <message>
        <source>For whoever leads the team: who knows where the bad proposals are cannot be measured by them. A bad proposal that is accepted changes no trajectory and is never exported.</source>
        <translation>供团队负责人使用：知道坏提案在哪里的人无法用它们来衡量。被接受的坏提案不会改变任何轨迹，也不会被导出。</translation>
    </message>
    <message>
        <source>How much each annotator relies on proposals</source>
        <translation>各标注员对提案的依赖程度</translation>
    </message>
    <message>
        <source>Annotator and measure</source>
        <translation>标注员与指标</translation>
    </message>
    <message>
        <source>Share (95 % interval)</source>
        <translation>比例（95 % 置信区间）</translation>
    </message>
    <message>
        <source>Query of the trajectories</source>
        <translation>轨迹查询</translation>
    </message>
    <message>
        <source>How many bad proposals</source>
        <translation>坏提案的数量</translation>
    </message>
    <message>
        <source>&amp;Query of the trajectories</source>
        <translation>轨迹查询(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;How many bad proposals</source>
        <translation>坏提案的数量(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Put bad proposals in</source>
        <translation>植入坏提案(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Bad proposals made</source>
        <translation>已生成的坏提案</translation>
    </message>
    <message>
        <source>Nobody has decided on a proposal yet.</source>
        <translation>还没有人对提案做过决定。</translation>
    </message>
    <message>
        <source>{0}: accepted, {1}</source>
        <translation>{0}：已接受，{1}</translation>
    </message>
    <message>
        <source>{0}: accepted bad proposals (over-trust)</source>
        <translation>{0}：接受的坏提案（过度信任）</translation>
    </message>
    <message>
        <source>{0}: accepted good proposals</source>
        <translation>{0}：接受的好提案</translation>
    </message>
    <message>
        <source>{0}: judged first, and moved to the proposal&apos;s step</source>
        <translation>{0}：先判断，后改为提案的步骤</translation>
    </message>
    <message>
        <source>{0}: active time on bad proposals, on others</source>
        <translation>{0}：用于坏提案的活动时间，用于其他提案的活动时间</translation>
    </message>
    <message>
        <source>Bad proposals put in: {0}.</source>
        <translation>已植入坏提案：{0}。</translation>
    </message>
    <message>
        <source>{0} Left out: {1}.</source>
        <translation>{0} 省略：{1}。</translation>
    </message>
</context>
<context>
    <name>RestoringSession</name>
    <message>
        <source>Saved: restored</source>
        <translation>已保存：恢复</translation>
    </message>
</context>
<context>
    <name>ReviewDesk</name>
    <message>
        <source>Your own file: {0}</source>
        <translation>您自己的文件：{0}</translation>
    </message>
    <message>
        <source>Only web addresses are opened from here, not {0}</source>
        <translation>此处只能打开网址，不能打开 {0}</translation>
    </message>
    <message>
        <source>Open a web address</source>
        <translation>打开网址</translation>
    </message>
    <message>
        <source>The guidelines link to this address. Open it in the browser?</source>
        <translation>指南链接到此地址。要在浏览器中打开吗？</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>No program of this system opens {0}. Open it yourself.</source>
        <translation>本系统没有可以打开 {0} 的程序。请自行打开。</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>&amp;Judge first</source>
        <translation>先判断(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;Blind</source>
        <translation>盲审(&amp;B)</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>审阅</translation>
    </message>
    <message>
        <source>These rules hold for everybody who works at this store, from the next thing that is shown.</source>
        <translation>这些规则对使用此存储库的所有人有效，从下一次显示的内容开始。</translation>
    </message>
    <message>
        <source>Nothing of a proposal is shown before the annotator has marked the step that goes wrong, or has said that nothing is wrong. People who see a suggestion first tend to follow it; how often a proposal changed their mind is measured in this way.</source>
        <translation>在标注员标出出错步骤或说明没有错误之前，不显示提案的任何内容。先看到建议的人往往会跟从；这样可以衡量提案改变其想法的频率。</translation>
    </message>
    <message>
        <source>Names of models and files and the decisions of other people are hidden, and alternatives come in a random order. Agreement between people counts only decisions that were made in this way or before anybody else decided.</source>
        <translation>隐藏模型和文件的名称以及他人的决定，备选项以随机顺序出现。计算一致性时，只统计以此方式或在他人决定之前做出的决定。</translation>
    </message>
    <message>
        <source>What is on record stays as it was decided, with the rules of that time.</source>
        <translation>已记录的内容保持当时的决定和规则。</translation>
    </message>
</context>
<context>
    <name>RevisionDesk</name>
    <message>
        <source>Candidate on the desk</source>
        <translation>工作台上的候选</translation>
    </message>
    <message>
        <source>{0}: {1}, {2}</source>
        <translation>{0}：{1}，{2}</translation>
    </message>
    <message>
        <source>{0} (on the desk)</source>
        <translation>{0}（在工作台上）</translation>
    </message>
    <message>
        <source>There is only one revision: nothing to compare it with.</source>
        <translation>只有一个修订版：没有可比较的对象。</translation>
    </message>
    <message>
        <source>This revision is the head already: there is nothing to restore.</source>
        <translation>此修订版已是当前版本：无需恢复。</translation>
    </message>
    <message>
        <source>A run works on this trajectory: restore when it is done.</source>
        <translation>运行正在处理此轨迹：请在其结束后恢复。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Revision {0} is worse than the head, or cannot be compared with it. Say why it is wanted.</source>
        <translation>修订版 {0} 比当前版本差，或无法与其比较。请说明为何需要它。</translation>
    </message>
</context>
<context>
    <name>Revisions</name>
    <message>
        <source>recorded</source>
        <translation>原始记录</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>未决定</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒</translation>
    </message>
    <message>
        <source>override</source>
        <translation>强制接受</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>not inspected</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>loss {0}</source>
        <translation>损失 {0}</translation>
    </message>
</context>
<context>
    <name>RouteDialog</name>
    <message>
        <source>Accept or escalate?</source>
        <translation>接受还是升级？</translation>
    </message>
    <message>
        <source>Guideline of the next stage</source>
        <translation>下一阶段的指引</translation>
    </message>
    <message>
        <source>How to go about it, in one or two sentences. Left empty, the large model writes it.</source>
        <translation>用一两句话说明如何去做。留空则由大模型编写。</translation>
    </message>
    <message>
        <source>Why, in a few words</source>
        <translation>简述原因</translation>
    </message>
    <message>
        <source>Why, in a few words (may be left empty)</source>
        <translation>简述原因（可留空）</translation>
    </message>
    <message>
        <source>&amp;Accept now</source>
        <translation>立即接受(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Escalate</source>
        <translation>升级(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Continue: the threshold accepts</source>
        <translation>继续：阈值将接受(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Continue: the threshold escalates</source>
        <translation>继续：阈值将升级(&amp;C)</translation>
    </message>
    <message>
        <source>A accepts, E escalates, C or Ctrl+Return continues. Esc leaves the question waiting.</source>
        <translation>A 接受，E 升级，C 或 Ctrl+Return 继续。Esc 让问题继续等待。</translation>
    </message>
</context>
<context>
    <name>RouteForm</name>
    <message>
        <source>New cascades</source>
        <translation>新的级联</translation>
    </message>
    <message>
        <source>&amp;Whole tasks: a cascade decides how a task is done</source>
        <translation>整个任务：由级联决定任务如何完成(&amp;W)</translation>
    </message>
    <message>
        <source>Step &amp;by step: a cascade decides each next move of the agent</source>
        <translation>逐步：由级联决定智能体的每一步(&amp;B)</translation>
    </message>
    <message>
        <source>Votes a stage</source>
        <translation>每阶段票数</translation>
    </message>
    <message>
        <source>Threshold of stage 1</source>
        <translation>阶段 1 的阈值</translation>
    </message>
    <message>
        <source>Threshold of stage 2</source>
        <translation>阶段 2 的阈值</translation>
    </message>
    <message>
        <source>How the majority is compared with a threshold</source>
        <translation>多数票如何与阈值比较</translation>
    </message>
    <message>
        <source>exceeds the threshold (&gt;)</source>
        <translation>超过阈值 (&gt;)</translation>
    </message>
    <message>
        <source>reaches the threshold (≥)</source>
        <translation>达到阈值 (≥)</translation>
    </message>
    <message>
        <source>With &amp;me at the gate after the first two stages</source>
        <translation>前两个阶段之后由我把关(&amp;M)</translation>
    </message>
    <message>
        <source>Run all stages, so that every threshold can be replayed (costs more)</source>
        <translation>运行所有阶段，以便重放任何阈值（费用更高）</translation>
    </message>
    <message>
        <source>&amp;Compare: each model does the tasks alone as well (costs more)</source>
        <translation>比较：每个模型也各自完成任务（费用更高）(&amp;C)</translation>
    </message>
    <message>
        <source>Tasks at once</source>
        <translation>同时进行的任务</translation>
    </message>
    <message>
        <source>Set up the models…</source>
        <translation>设置模型…</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>开始(&amp;S)</translation>
    </message>
    <message>
        <source>The small model writes goals and votes; where the votes do not agree, the large one writes a guideline and the small one votes again; where they still do not, the large one does it. Most of the work is the small model&apos;s, so that it costs less, and takes longer.</source>
        <translation>小模型编写目标并投票；投票不一致时，大模型编写指引，小模型再次投票；仍不一致时由大模型完成。大部分工作由小模型承担，因此费用更低，但耗时更长。</translation>
    </message>
    <message>
        <source>&amp;Votes a stage</source>
        <translation>每阶段票数(&amp;V)</translation>
    </message>
    <message>
        <source>Threshold of stage &amp;1</source>
        <translation>阶段 1 的阈值(&amp;1)</translation>
    </message>
    <message>
        <source>Threshold of stage &amp;2</source>
        <translation>阶段 2 的阈值(&amp;2)</translation>
    </message>
    <message>
        <source>The ma&amp;jority</source>
        <translation>多数票(&amp;J)</translation>
    </message>
    <message>
        <source>Tasks at &amp;once</source>
        <translation>同时进行的任务(&amp;O)</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Cascade</source>
        <translation>级联</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>nothing is open</source>
        <translation>未打开任何内容</translation>
    </message>
    <message>
        <source>no query</source>
        <translation>无查询</translation>
    </message>
    <message>
        <source>The task on the &amp;desk: {0}</source>
        <translation>工作台上的任务：{0}(&amp;D)</translation>
    </message>
    <message>
        <source>A&amp;ll in the queue ({0}): {1}</source>
        <translation>队列中的全部（{0}）：{1}(&amp;L)</translation>
    </message>
    <message>
        <source>The price is not known of: {0}. Without it no cost can be shown.</source>
        <translation>价格未知：{0}。没有价格就无法显示费用。</translation>
    </message>
    <message>
        <source>none is set up</source>
        <translation>尚未设置</translation>
    </message>
    <message>
        <source>name hidden</source>
        <translation>名称已隐藏</translation>
    </message>
    <message>
        <source>answers that I paste</source>
        <translation>由我粘贴的回答</translation>
    </message>
    <message>
        <source>{0}, {1} USD in and {2} USD out a million tokens</source>
        <translation>{0}，每百万令牌输入 {1} 美元、输出 {2} 美元</translation>
    </message>
    <message>
        <source>A run is under way: stop it, or let it end, before the next one begins.</source>
        <translation>有一个运行正在进行：请先停止它或等它结束，再开始下一个。</translation>
    </message>
    <message>
        <source>A model is missing: set one up that plays both, or one for each.</source>
        <translation>缺少模型：请设置一个兼任两者，或各设一个。</translation>
    </message>
    <message>
        <source>There is no task yet: import some first.</source>
        <translation>还没有任务：请先导入。</translation>
    </message>
</context>
<context>
    <name>Routing</name>
    <message>
        <source>attempt {0}</source>
        <translation>第 {0} 次尝试</translation>
    </message>
    <message>
        <source>1 · goals, small model</source>
        <translation>1 · 目标，小模型</translation>
    </message>
    <message>
        <source>2 · guideline, small model</source>
        <translation>2 · 指引，小模型</translation>
    </message>
    <message>
        <source>3 · guideline, large model</source>
        <translation>3 · 指引，大模型</translation>
    </message>
    <message>
        <source>one answer</source>
        <translation>一个回答</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>没有回答</translation>
    </message>
    <message>
        <source>{0} of {1} pass the visible checks</source>
        <translation>{1} 个中 {0} 个通过可见检查</translation>
    </message>
    <message>
        <source>{0} of {1} agree ({2})</source>
        <translation>{1} 个中 {0} 个一致（{2}）</translation>
    </message>
    <message>
        <source>other answers: {0}</source>
        <translation>其他回答：{0}</translation>
    </message>
    <message>
        <source>without an answer: {0}</source>
        <translation>没有回答：{0}</translation>
    </message>
    <message>
        <source>taken as it is</source>
        <translation>按原样采用</translation>
    </message>
    <message>
        <source>accepted by {0}</source>
        <translation>由 {0} 接受</translation>
    </message>
    <message>
        <source>accepted by the threshold</source>
        <translation>由阈值接受</translation>
    </message>
    <message>
        <source>escalated by {0}</source>
        <translation>由 {0} 升级</translation>
    </message>
    <message>
        <source>escalated by the threshold</source>
        <translation>由阈值升级</translation>
    </message>
    <message>
        <source>the threshold would accept</source>
        <translation>阈值将会接受</translation>
    </message>
    <message>
        <source>the threshold would escalate</source>
        <translation>阈值将会升级</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>估计</translation>
    </message>
    <message>
        <source>{0} tokens, price not known ({1})</source>
        <translation>{0} 个令牌，价格未知（{1}）</translation>
    </message>
    <message>
        <source>{0} tokens, {1} USD ({2})</source>
        <translation>{0} 个令牌，{1} 美元（{2}）</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>stage {0}</source>
        <translation>阶段 {0}</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测得</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>未通过</translation>
    </message>
    <message>
        <source>large model</source>
        <translation>大模型</translation>
    </message>
    <message>
        <source>small model</source>
        <translation>小模型</translation>
    </message>
</context>
<context>
    <name>RoutingDesk</name>
    <message>
        <source>names hidden</source>
        <translation>名称已隐藏</translation>
    </message>
    <message>
        <source>Nothing was compared yet: begin a run under “New” with “Compare”, and each model does the tasks alone as well.</source>
        <translation>尚未比较：请在“新建”中勾选“比较”开始运行，每个模型也会各自完成任务。</translation>
    </message>
    <message>
        <source>Compared on {0}, over the same tasks with the same budget a task.</source>
        <translation>比较于 {0}，任务相同，每个任务的预算相同。</translation>
    </message>
    <message>
        <source>Small model alone</source>
        <translation>仅小模型</translation>
    </message>
    <message>
        <source>Large model alone</source>
        <translation>仅大模型</translation>
    </message>
    <message>
        <source>Cascade of both</source>
        <translation>两者级联</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测得</translation>
    </message>
    <message>
        <source>Another run is under way.</source>
        <translation>另一个运行正在进行。</translation>
    </message>
    <message>
        <source>At work: {0} of {1} tasks, {2}</source>
        <translation>进行中：{1} 个任务中的 {0} 个，{2}</translation>
    </message>
    <message>
        <source>Ended: {0} of {1} tasks, {2}</source>
        <translation>已结束：{1} 个任务中的 {0} 个，{2}</translation>
    </message>
</context>
<context>
    <name>RoutingWindow</name>
    <message>
        <source>Cascades of a small and a large model</source>
        <translation>小模型与大模型的级联</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>What was s&amp;ent…</source>
        <translation>发送的内容(&amp;E)…</translation>
    </message>
    <message>
        <source>There is no cascade yet. Begin one under “New”: a small model votes, and a large one helps where the votes do not agree.</source>
        <translation>还没有级联。请在“新建”中开始：小模型投票，投票不一致时大模型提供帮助。</translation>
    </message>
    <message>
        <source>&amp;Before</source>
        <translation>前一页(&amp;B)</translation>
    </message>
    <message>
        <source>A&amp;fter</source>
        <translation>后一页(&amp;F)</translation>
    </message>
    <message>
        <source>Alone and together</source>
        <translation>单独与级联</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>执行者</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>Tokens a task</source>
        <translation>每任务令牌</translation>
    </message>
    <message>
        <source>USD a task</source>
        <translation>每任务美元</translation>
    </message>
    <message>
        <source>Calls a task</source>
        <translation>每任务调用</translation>
    </message>
    <message>
        <source>S&amp;top the run</source>
        <translation>停止运行(&amp;T)</translation>
    </message>
    <message>
        <source>Cascades</source>
        <translation>级联</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>假如</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>{0} to {1} of {2}</source>
        <translation>{2} 中的 {0} 到 {1}</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>+ Add</source>
        <translation>+ 添加</translation>
    </message>
    <message>
        <source>choice</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>not in the schema</source>
        <translation>不在 schema 中</translation>
    </message>
    <message>
        <source>Add {0}</source>
        <translation>添加 {0}</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>移除 {0}</translation>
    </message>
    <message>
        <source>required</source>
        <translation>必填</translation>
    </message>
</context>
<context>
    <name>RubricPane</name>
    <message>
        <source>Rubric</source>
        <translation>评分表</translation>
    </message>
    <message>
        <source>{0} of {1} answered</source>
        <translation>已回答 {0}/{1}</translation>
    </message>
    <message>
        <source>saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>&amp;{0}   least</source>
        <translation>&amp;{0}   最低</translation>
    </message>
    <message>
        <source>&amp;{0}   most</source>
        <translation>&amp;{0}   最高</translation>
    </message>
</context>
<context>
    <name>RubricRow</name>
    <message>
        <source>saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>not answered</source>
        <translation>未回答</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>✓ yes</source>
        <translation>✓ 是</translation>
    </message>
    <message>
        <source>✕ no</source>
        <translation>✕ 否</translation>
    </message>
</context>
<context>
    <name>RuleReasons</name>
    <message>
        <source>it says nothing</source>
        <translation>没有说任何内容</translation>
    </message>
    <message>
        <source>the arguments do not fit</source>
        <translation>参数不符</translation>
    </message>
    <message>
        <source>there is no such tool</source>
        <translation>没有这个工具</translation>
    </message>
    <message>
        <source>it carries out no step of the plan</source>
        <translation>不执行计划的任何步骤</translation>
    </message>
    <message>
        <source>plan step {0}</source>
        <translation>计划步骤 {0}</translation>
    </message>
    <message>
        <source>it resembles plan step {0}</source>
        <translation>类似计划步骤 {0}</translation>
    </message>
    <message>
        <source>plan step {0}, after plan step {1} was begun</source>
        <translation>计划步骤 {0}，此前已开始计划步骤 {1}</translation>
    </message>
    <message>
        <source>it is not verified</source>
        <translation>未通过验证</translation>
    </message>
    <message>
        <source>it is verified, and nothing in it is redundant</source>
        <translation>已验证，且没有冗余</translation>
    </message>
    <message>
        <source>it is verified, but step {0} failed</source>
        <translation>已验证，但步骤 {0} 失败</translation>
    </message>
    <message>
        <source>it is verified, but step {0} repeats an earlier call</source>
        <translation>已验证，但步骤 {0} 重复了之前的调用</translation>
    </message>
    <message>
        <source>it is verified, but step {0} looked up what nothing later uses</source>
        <translation>已验证，但步骤 {0} 查询了之后没有用到的内容</translation>
    </message>
</context>
<context>
    <name>Run</name>
    <message>
        <source>verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>unverified</source>
        <translation>未通过验证</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>{0}: waits for you</source>
        <translation>{0}：等待您处理</translation>
    </message>
    <message>
        <source>begins</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>name hidden</source>
        <translation>名称已隐藏</translation>
    </message>
    <message>
        <source>{0} iterations a task</source>
        <translation>每个任务 {0} 次迭代</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个 token</translation>
    </message>
    <message>
        <source>a person at the gates</source>
        <translation>由人把守关口</translation>
    </message>
    <message>
        <source>autonomous</source>
        <translation>自主</translation>
    </message>
    <message>
        <source>proposer: {0}</source>
        <translation>提案者：{0}</translation>
    </message>
    <message>
        <source>{0}; at most {1}; tasks at a time: {2}</source>
        <translation>{0}；上限 {1}；并行任务数：{2}</translation>
    </message>
    <message>
        <source>{0} of {1} tasks have ended; the rest can be resumed</source>
        <translation>{1} 个任务中已有 {0} 个结束；其余可以恢复</translation>
    </message>
</context>
<context>
    <name>RunDesk</name>
    <message>
        <source>Add a missed constraint</source>
        <translation>添加遗漏的约束</translation>
    </message>
</context>
<context>
    <name>RunForm</name>
    <message>
        <source>The offline &amp;repairer: no model, no network</source>
        <translation>离线修复器(&amp;R)：无需模型，无需网络</translation>
    </message>
    <message>
        <source>&amp;Plan the tasks anew first; candidates for each:</source>
        <translation>先重新规划任务(&amp;P)；每个任务的候选数：</translation>
    </message>
    <message>
        <source>Candidates for each task</source>
        <translation>每个任务的候选数</translation>
    </message>
    <message>
        <source>Set up a model…</source>
        <translation>设置模型…</translation>
    </message>
    <message>
        <source>&amp;Autonomous: rules decide</source>
        <translation>自主(&amp;A)：由规则决定</translation>
    </message>
    <message>
        <source>With &amp;me at the five gates, one task after the other</source>
        <translation>由我把守五个关口，任务逐个进行(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>开始运行(&amp;S)</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新建运行</translation>
    </message>
    <message>
        <source>no ceiling</source>
        <translation>无上限</translation>
    </message>
    <message>
        <source>Iterations a task</source>
        <translation>每个任务的迭代次数</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>Tasks at once</source>
        <translation>并行任务数</translation>
    </message>
    <message>
        <source>US dollars</source>
        <translation>美元</translation>
    </message>
    <message>
        <source>&amp;Iterations a task</source>
        <translation>每个任务的迭代次数(&amp;I)</translation>
    </message>
    <message>
        <source>To&amp;kens</source>
        <translation>token 数(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;US dollars</source>
        <translation>美元(&amp;U)</translation>
    </message>
    <message>
        <source>Mi&amp;nutes</source>
        <translation>分钟(&amp;N)</translation>
    </message>
    <message>
        <source>Tasks at &amp;once</source>
        <translation>并行任务数(&amp;O)</translation>
    </message>
    <message>
        <source>Trajectories</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <source>Who proposes</source>
        <translation>由谁提案</translation>
    </message>
    <message>
        <source>Who decides</source>
        <translation>由谁决定</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>nothing is open</source>
        <translation>未打开轨迹</translation>
    </message>
    <message>
        <source>The trajectory on the &amp;desk: {0}</source>
        <translation>工作台上的轨迹(&amp;D)：{0}</translation>
    </message>
    <message>
        <source>no query</source>
        <translation>无查询</translation>
    </message>
    <message>
        <source>Those still &amp;to do in the queue ({0}): {1}</source>
        <translation>队列中待处理的(&amp;T)（{0}）：{1}</translation>
    </message>
    <message>
        <source>A&amp;ll in the queue ({0}): {1}</source>
        <translation>队列中的全部(&amp;L)（{0}）：{1}</translation>
    </message>
    <message>
        <source>none is set up</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>name hidden</source>
        <translation>名称已隐藏</translation>
    </message>
    <message>
        <source>A mod&amp;el: {0}</source>
        <translation>模型(&amp;E)：{0}</translation>
    </message>
    <message>
        <source>The price of the model is not known: set it in the model settings.</source>
        <translation>模型价格未知：请在模型设置中填写。</translation>
    </message>
    <message>
        <source>A run is under way: stop it, or let it end, before the next one begins.</source>
        <translation>已有运行在进行：请先停止它或等它结束，再开始下一个。</translation>
    </message>
    <message>
        <source>Choose at least one trajectory.</source>
        <translation>请至少选择一条轨迹。</translation>
    </message>
</context>
<context>
    <name>RunProgress</name>
    <message>
        <source>No run has been started here yet.</source>
        <translation>这里还没有启动过运行。</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>US dollars</source>
        <translation>美元</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Tasks of the run</source>
        <translation>运行的任务</translation>
    </message>
    <message>
        <source>What the model says</source>
        <translation>模型的发言</translation>
    </message>
    <message>
        <source>What a model says about the selected task stands here as it comes.</source>
        <translation>模型关于所选任务的发言会实时显示在此处。</translation>
    </message>
    <message>
        <source>S&amp;top the run</source>
        <translation>停止运行(&amp;T)</translation>
    </message>
    <message>
        <source>Open at the &amp;desk</source>
        <translation>在工作台打开(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;What was sent…</source>
        <translation>已发送的内容(&amp;W)…</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>运行进度</translation>
    </message>
    <message>
        <source>What a model says is hidden: its proposal is seen after the blame is marked.</source>
        <translation>模型的发言已隐藏：标出归因后才能看到其提案。</translation>
    </message>
    <message>
        <source>the offline repairer</source>
        <translation>离线修复器</translation>
    </message>
    <message>
        <source>with you at the gates</source>
        <translation>由您把守关口</translation>
    </message>
    <message>
        <source>autonomous</source>
        <translation>自主</translation>
    </message>
    <message>
        <source>Run {0}: {1}, {2}</source>
        <translation>运行 {0}：{1}，{2}</translation>
    </message>
    <message>
        <source>Ended.</source>
        <translation>已结束。</translation>
    </message>
    <message>
        <source>Stopped: what was done stays on record, and the run can be resumed.</source>
        <translation>已停止：已完成的部分保留在记录中，运行可以恢复。</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>price not known</source>
        <translation>价格未知</translation>
    </message>
    <message>
        <source>{0}, about {1} left</source>
        <translation>{0}，大约还剩 {1}</translation>
    </message>
    <message>
        <source>{0}, no ceiling</source>
        <translation>{0}，无上限</translation>
    </message>
</context>
<context>
    <name>RunRecord</name>
    <message>
        <source>Runs on record</source>
        <translation>已记录的运行</translation>
    </message>
    <message>
        <source>Settings and results</source>
        <translation>设置与结果</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>恢复运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;What was sent…</source>
        <translation>已发送的内容(&amp;W)…</translation>
    </message>
    <message>
        <source>Earlier runs</source>
        <translation>以前的运行</translation>
    </message>
</context>
<context>
    <name>RunTable</name>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>USD</source>
        <translation>美元</translation>
    </message>
    <message>
        <source>Began</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
</context>
<context>
    <name>RunWindow</name>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新建运行</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Earlier runs</source>
        <translation>以前的运行</translation>
    </message>
</context>
<context>
    <name>Runs</name>
    <message>
        <source>The run has ended: {0} of {1} verified.</source>
        <translation>运行已结束：{1} 个中有 {0} 个已验证。</translation>
    </message>
</context>
<context>
    <name>SamplesDialog</name>
    <message>
        <source>Add samples</source>
        <translation>添加示例</translation>
    </message>
    <message>
        <source>How many</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>难度</translation>
    </message>
    <message>
        <source>1 to 3 in turn</source>
        <translation>1 到 3 轮流</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>数据划分</translation>
    </message>
    <message>
        <source>&amp;How many</source>
        <translation>数量(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Level, 5 is hardest</source>
        <translation>难度（5 最难）(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation>数据划分(&amp;S)</translation>
    </message>
    <message>
        <source>Trips of a made-up world, each with a mistake or two. Samples of other splits share no name with these. Those that are there already are not added again.</source>
        <translation>虚构世界中的旅行，每条含有一两处错误。不同划分的示例不共用任何名称。已有的不会重复添加。</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
</context>
<context>
    <name>SaveViewDialog</name>
    <message>
        <source>Save this view</source>
        <translation>保存此视图</translation>
    </message>
    <message>
        <source>Name of the view</source>
        <translation>视图名称</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>It shows: {0} ({1}). Everybody at this store can pick it.</source>
        <translation>显示内容：{0}（{1}）。此存储库的所有人都可以选用。</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>It takes the place of the view of that name.</source>
        <translation>它将取代同名的视图。</translation>
    </message>
</context>
<context>
    <name>ScoreDesk</name>
    <message>
        <source>trial {0}</source>
        <translation>第 {0} 次试验</translation>
    </message>
    <message>
        <source>◌ The judge is at work.</source>
        <translation>◌ 评判者正在工作。</translation>
    </message>
    <message>
        <source>◌ The judge is at work: {0}</source>
        <translation>◌ 评判者正在工作：{0}</translation>
    </message>
    <message>
        <source>The judge was stopped; what it gave until then stays.</source>
        <translation>评判者已停止；此前给出的分数保留。</translation>
    </message>
</context>
<context>
    <name>ScoreTable</name>
    <message>
        <source>Reward</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Judge</source>
        <translation>评判者</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>其他人</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>计入</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Rewards</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>A number key gives your own value for the current row.</source>
        <translation>按数字键为当前行给出您自己的分值。</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测得</translation>
    </message>
</context>
<context>
    <name>Scores</name>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Adherence to the plan</source>
        <translation>计划遵循</translation>
    </message>
    <message>
        <source>End to end</source>
        <translation>端到端</translation>
    </message>
    <message>
        <source>Plan: correctness</source>
        <translation>计划：正确性</translation>
    </message>
    <message>
        <source>Plan: followability</source>
        <translation>计划：可遵循性</translation>
    </message>
    <message>
        <source>Plan: standardisation</source>
        <translation>计划：规范性</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>不符</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>符合</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>完全</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>redundant</source>
        <translation>有冗余</translation>
    </message>
    <message>
        <source>efficient</source>
        <translation>高效</translation>
    </message>
</context>
<context>
    <name>ScoresWindow</name>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Normalised</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Stage 1: format, adherence, end to end</source>
        <translation>阶段 1：格式、遵循、端到端</translation>
    </message>
    <message>
        <source>Stage 2: format, end to end, quality of the plan</source>
        <translation>阶段 2：格式、端到端、计划质量</translation>
    </message>
    <message>
        <source>Stage 3: format, end to end</source>
        <translation>阶段 3：格式、端到端</translation>
    </message>
    <message>
        <source>by the greatest value</source>
        <translation>除以最大值</translation>
    </message>
    <message>
        <source>to the range from 0 to 1</source>
        <translation>缩放到 0 到 1</translation>
    </message>
    <message>
        <source>not at all</source>
        <translation>不归一化</translation>
    </message>
    <message>
        <source>Ask the &amp;judge</source>
        <translation>询问评判者(&amp;J)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Trajectory of the group</source>
        <translation>组内轨迹</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>Advantage</source>
        <translation>优势</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>组</translation>
    </message>
    <message>
        <source>Stag&amp;e</source>
        <translation>阶段(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Normalised</source>
        <translation>归一化(&amp;N)</translation>
    </message>
    <message>
        <source>Rewards: {0}</source>
        <translation>奖励：{0}</translation>
    </message>
    <message>
        <source>Type a number to give your own value for the current row; it counts before the judge&apos;s.</source>
        <translation>键入数字为当前行给出您自己的分值；它优先于评判者的分值。</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测得</translation>
    </message>
    <message>
        <source>Fewer than two rewards of this group were measured: there is nothing to compare.</source>
        <translation>该组测得的奖励少于两个：无从比较。</translation>
    </message>
    <message>
        <source>All rewards of this group are equal: every advantage is 0, and nothing is learnt from it.</source>
        <translation>该组的奖励全部相等：所有优势均为 0，学不到任何东西。</translation>
    </message>
    <message>
        <source>This reward goes from {0} to {1}.</source>
        <translation>该奖励的范围是 {0} 到 {1}。</translation>
    </message>
</context>
<context>
    <name>SearchForm</name>
    <message>
        <source>A search writes a plan for each task, carries it out several times, and refines the most promising plan from a rollout that failed, until one is verified each time or the number of plans is reached.</source>
        <translation>搜索为每个任务编写计划，将其执行多次，并依据失败的执行改进最有希望的计划，直到某个计划每次都通过验证，或达到计划数上限。</translation>
    </message>
    <message>
        <source>O&amp;ffline: plans are read off repaired runs; no model, no network</source>
        <translation>离线：从修复后的运行读出计划；无需模型和网络(&amp;F)</translation>
    </message>
    <message>
        <source>Set up a model…</source>
        <translation>设置模型…</translation>
    </message>
    <message>
        <source>Plans a task at most</source>
        <translation>每任务计划数上限</translation>
    </message>
    <message>
        <source>Rollouts of each plan</source>
        <translation>每个计划的执行次数</translation>
    </message>
    <message>
        <source>Tasks at once</source>
        <translation>同时进行的任务</translation>
    </message>
    <message>
        <source>&amp;Start the search</source>
        <translation>开始搜索(&amp;S)</translation>
    </message>
    <message>
        <source>New search</source>
        <translation>新搜索</translation>
    </message>
    <message>
        <source>&amp;Plans a task at most</source>
        <translation>每任务计划数上限(&amp;P)</translation>
    </message>
    <message>
        <source>Rollouts of &amp;each plan</source>
        <translation>每个计划的执行次数(&amp;E)</translation>
    </message>
    <message>
        <source>Tasks at &amp;once</source>
        <translation>同时进行的任务(&amp;O)</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Who writes plans and acts</source>
        <translation>由谁规划和行动</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>规模</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>nothing is open</source>
        <translation>未打开任何内容</translation>
    </message>
    <message>
        <source>no query</source>
        <translation>无查询</translation>
    </message>
    <message>
        <source>The task on the &amp;desk: {0}</source>
        <translation>工作台上的任务：{0}(&amp;D)</translation>
    </message>
    <message>
        <source>A&amp;ll in the queue ({0}): {1}</source>
        <translation>队列中的全部（{0}）：{1}(&amp;L)</translation>
    </message>
    <message>
        <source>none is set up</source>
        <translation>尚未设置</translation>
    </message>
    <message>
        <source>name hidden</source>
        <translation>名称已隐藏</translation>
    </message>
    <message>
        <source>A &amp;model: {0}</source>
        <translation>模型：{0}(&amp;M)</translation>
    </message>
    <message>
        <source>A run is under way: stop it, or let it end, before the next one begins.</source>
        <translation>有一个运行正在进行：请先停止它或等它结束，再开始下一个。</translation>
    </message>
    <message>
        <source>There is no task to search plans for: import some first.</source>
        <translation>没有可供搜索计划的任务：请先导入。</translation>
    </message>
</context>
<context>
    <name>SentDialog</name>
    <message>
        <source>What was sent</source>
        <translation>已发送的内容</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>The call</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Asked to</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>&amp;Copy what is shown</source>
        <translation>复制显示的内容(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>No model was asked anything about this trajectory yet.</source>
        <translation>还没有就此轨迹向模型提问。</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>已回答</translation>
    </message>
    <message>
        <source>This run made no calls.</source>
        <translation>此运行没有调用模型。</translation>
    </message>
    <message>
        <source>model: {0}, asked at {1}</source>
        <translation>模型：{0}，询问地址 {1}</translation>
    </message>
    <message>
        <source>prompt: {0}</source>
        <translation>提示词：{0}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{0} s, requests sent: {1}, begun at {2} UTC</source>
        <translation>{0} 秒，已发送请求：{1}，开始于 {2} UTC</translation>
    </message>
    <message>
        <source>structured answer asked for by: {0}</source>
        <translation>请求结构化回答的方式：{0}</translation>
    </message>
    <message>
        <source>CALL</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>IT FAILED</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>RAW ANSWER</source>
        <translation>原始回答</translation>
    </message>
    <message>
        <source>SENT AS {0}</source>
        <translation>以 {0} 身份发送</translation>
    </message>
    <message>
        <source>{0}, CALLS</source>
        <translation>{0}，调用</translation>
    </message>
    <message>
        <source>PARAMETERS</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Show all ({0} characters more)</source>
        <translation>显示全部（还有 {0} 个字符）</translation>
    </message>
</context>
<context>
    <name>SettingsDesk</name>
    <message>
        <source>Something is under way that would be stopped: wait until it has ended, or stop it.</source>
        <translation>有操作正在进行，会因此中断：请等待其结束，或将其停止。</translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>审阅</translation>
    </message>
    <message>
        <source>Models and prompts</source>
        <translation>模型与提示词</translation>
    </message>
    <message>
        <source>Environments</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Guidelines</source>
        <translation>指南</translation>
    </message>
</context>
<context>
    <name>Several</name>
    <message>
        <source>assigned to them already</source>
        <translation>已分配给他们</translation>
    </message>
    <message>
        <source>Assigned to {0}: {1}</source>
        <translation>已分配给 {0}：{1}</translation>
    </message>
    <message>
        <source>Saved: {0}. U takes all of it back.</source>
        <translation>已保存：{0}。按 U 全部撤回。</translation>
    </message>
    <message>
        <source>{0} Changed meanwhile and left alone: {1}.</source>
        <translation>{0} 在此期间已更改、未处理：{1}。</translation>
    </message>
    <message>
        <source>stands there already</source>
        <translation>已是此状态</translation>
    </message>
    <message>
        <source>not inspected yet</source>
        <translation>尚未检查</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>未通过验证</translation>
    </message>
    <message>
        <source>disputed: to be settled one by one</source>
        <translation>有争议：需逐条裁决</translation>
    </message>
    <message>
        <source>settled by a verdict</source>
        <translation>已有裁定</translation>
    </message>
    <message>
        <source>flagged for somebody to look at</source>
        <translation>已标记待他人查看</translation>
    </message>
    <message>
        <source>others left it there</source>
        <translation>他人已做出决定</translation>
    </message>
    <message>
        <source>decided on meanwhile</source>
        <translation>在此期间已做出决定</translation>
    </message>
    <message>
        <source>Approve several as they are</source>
        <translation>批量原样批准</translation>
    </message>
    <message>
        <source>&amp;Approve {0}</source>
        <translation>批准 {0} 条(&amp;A)</translation>
    </message>
    <message>
        <source>approved {0}</source>
        <translation>已批准 {0} 条</translation>
    </message>
    <message>
        <source>Reject several</source>
        <translation>批量拒绝</translation>
    </message>
    <message>
        <source>&amp;Reject {0}</source>
        <translation>拒绝 {0} 条(&amp;R)</translation>
    </message>
    <message>
        <source>rejected {0}</source>
        <translation>已拒绝 {0} 条</translation>
    </message>
    <message>
        <source>Reaso&amp;n</source>
        <translation>理由(&amp;N)</translation>
    </message>
    <message>
        <source>Skip several</source>
        <translation>批量跳过</translation>
    </message>
    <message>
        <source>S&amp;kip {0}</source>
        <translation>跳过 {0} 条(&amp;K)</translation>
    </message>
    <message>
        <source>skipped {0}</source>
        <translation>已跳过 {0} 条</translation>
    </message>
    <message>
        <source>Flag several</source>
        <translation>批量标记</translation>
    </message>
    <message>
        <source>&amp;Flag {0}</source>
        <translation>标记 {0} 条(&amp;F)</translation>
    </message>
    <message>
        <source>flagged {0}</source>
        <translation>已标记 {0} 条</translation>
    </message>
    <message>
        <source>Reopen several</source>
        <translation>批量重新打开</translation>
    </message>
    <message>
        <source>Re&amp;open {0}</source>
        <translation>重新打开 {0} 条(&amp;O)</translation>
    </message>
    <message>
        <source>reopened {0}</source>
        <translation>已重新打开 {0} 条</translation>
    </message>
    <message>
        <source>Assign several</source>
        <translation>批量分配</translation>
    </message>
    <message>
        <source>&amp;Assign {0}</source>
        <translation>分配 {0} 条(&amp;A)</translation>
    </message>
    <message>
        <source>assigned {0}</source>
        <translation>已分配 {0} 条</translation>
    </message>
    <message>
        <source>A&amp;nnotator</source>
        <translation>标注员(&amp;N)</translation>
    </message>
</context>
<context>
    <name>SeveralDialog</name>
    <message>
        <source>&amp;Selected rows: {0}</source>
        <translation>所选的行(&amp;S)：{0}</translation>
    </message>
    <message>
        <source>&amp;Everything in the queue: {0}</source>
        <translation>队列中的全部(&amp;E)：{0}</translation>
    </message>
    <message>
        <source>&amp;Everything that fits the query: {0}</source>
        <translation>符合查询的全部(&amp;E)：{0}</translation>
    </message>
    <message>
        <source>Looking at what would change…</source>
        <translation>正在查看将发生的更改…</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>正在记录</translation>
    </message>
    <message>
        <source>Trajectories, and why some are left out</source>
        <translation>轨迹，以及部分被省略的原因</translation>
    </message>
    <message>
        <source>Trajectory</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <source>Left out because</source>
        <translation>省略原因</translation>
    </message>
    <message>
        <source>Changes: {0}.</source>
        <translation>更改：{0}。</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Changes: {0}. Stays as it is: {1} ({2}).</source>
        <translation>更改：{0}。保持原样：{1}（{2}）。</translation>
    </message>
    <message>
        <source>{0} The list shows the first {1}.</source>
        <translation>{0} 列表只显示前 {1} 条。</translation>
    </message>
    <message>
        <source>Recording…</source>
        <translation>正在记录…</translation>
    </message>
</context>
<context>
    <name>Sides</name>
    <message>
        <source>⋯ {0} equal lines</source>
        <translation>⋯ {0} 行相同</translation>
    </message>
    <message>
        <source>⋯ {0} equal items</source>
        <translation>⋯ {0} 项相同</translation>
    </message>
    <message>
        <source>⋯ {0} equal keys</source>
        <translation>⋯ {0} 个键相同</translation>
    </message>
    <message>
        <source>⋯ {0} characters more, not compared</source>
        <translation>⋯ 还有 {0} 个字符未比较</translation>
    </message>
    <message>
        <source>⋯ the same JSON, written otherwise</source>
        <translation>⋯ JSON 相同，写法不同</translation>
    </message>
    <message>
        <source>no plan step</source>
        <translation>无计划步骤</translation>
    </message>
    <message>
        <source>plan step {0}</source>
        <translation>计划步骤 {0}</translation>
    </message>
</context>
<context>
    <name>SpeakDialog</name>
    <message>
        <source>Speak for the user</source>
        <translation>代表用户发言</translation>
    </message>
    <message>
        <source>Conversation so far</source>
        <translation>到目前为止的对话</translation>
    </message>
    <message>
        <source>What the user says next</source>
        <translation>用户接下来说的话</translation>
    </message>
    <message>
        <source>What the user says next. Ctrl+Return says it.</source>
        <translation>用户接下来说的话。按 Ctrl+回车 发出。</translation>
    </message>
    <message>
        <source>Stop the model</source>
        <translation>停止模型</translation>
    </message>
    <message>
        <source>End the conversation</source>
        <translation>结束对话</translation>
    </message>
    <message>
        <source>Say it</source>
        <translation>发出</translation>
    </message>
    <message>
        <source>The agent calls {0}</source>
        <translation>智能体调用 {0}</translation>
    </message>
    <message>
        <source>The model waits: say something, end the conversation, or stop the model.</source>
        <translation>模型正在等待：请发言、结束对话或停止模型。</translation>
    </message>
</context>
<context>
    <name>SpeechView</name>
    <message>
        <source>What the model says</source>
        <translation>模型的发言</translation>
    </message>
</context>
<context>
    <name>StagePane</name>
    <message>
        <source>Votes</source>
        <translation>投票</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Tokens and price</source>
        <translation>令牌与价格</translation>
    </message>
    <message>
        <source>The vote</source>
        <translation>投票</translation>
    </message>
    <message>
        <source>Choose a stage in the picture to see its goals, guideline and answers.</source>
        <translation>在图中选择一个阶段以查看其目标、指引和回答。</translation>
    </message>
    <message>
        <source>(nothing)</source>
        <translation>（无）</translation>
    </message>
    <message>
        <source>Goal</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>指引</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>State of the record</source>
        <translation>记录状态</translation>
    </message>
    <message>
        <source>no model set up</source>
        <translation>未设置模型</translation>
    </message>
    <message>
        <source>Blind</source>
        <translation>盲审</translation>
    </message>
    <message>
        <source>Names of models and what other people decided are hidden.</source>
        <translation>模型名称和他人的决定已隐藏。</translation>
    </message>
    <message>
        <source>annotator: {0}</source>
        <translation>标注员：{0}</translation>
    </message>
    <message>
        <source>{0} keys</source>
        <translation>{0} 快捷键</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Inspecting…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Searching for a repair… Esc stops</source>
        <translation>正在寻找修复…按 Esc 停止</translation>
    </message>
    <message>
        <source>The model proposes… Esc stops</source>
        <translation>模型正在提出修复…按 Esc 停止</translation>
    </message>
    <message>
        <source>The model goes on… Esc stops</source>
        <translation>模型正在续跑…按 Esc 停止</translation>
    </message>
    <message>
        <source>Inspecting the candidate…</source>
        <translation>正在检查候选…</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>正在验证…</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Saving the draft…</source>
        <translation>正在保存草稿…</translation>
    </message>
    <message>
        <source>An earlier version&apos;s store was brought up to date; as it was, it is kept at {0}</source>
        <translation>早期版本的存储库已升级；原样保留在 {0}</translation>
    </message>
    <message>
        <source>{0} left of {1}</source>
        <translation>剩余 {0}/{1}</translation>
    </message>
    <message>
        <source>model: {0}</source>
        <translation>模型：{0}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>{0} ready</source>
        <translation>{0} 就绪</translation>
    </message>
    <message>
        <source>{0} is not installed</source>
        <translation>未安装 {0}</translation>
    </message>
</context>
<context>
    <name>StepDetail</name>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Fold in</source>
        <translation>折叠</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格键</translation>
    </message>
    <message>
        <source>Arguments and observation</source>
        <translation>参数与观察结果</translation>
    </message>
    <message>
        <source>Select a step to read all of it here</source>
        <translation>选择一个步骤，在此阅读全文</translation>
    </message>
    <message>
        <source>THOUGHT</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>ARGUMENTS</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>THE ENVIRONMENT FAILED</source>
        <translation>环境出错</translation>
    </message>
    <message>
        <source>OBSERVATION</source>
        <translation>观察结果</translation>
    </message>
    <message>
        <source>CHANGED</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>RECORDED</source>
        <translation>原记录</translation>
    </message>
    <message>
        <source>BUILDS ON</source>
        <translation>依赖于</translation>
    </message>
    <message>
        <source>USED BY</source>
        <translation>被使用于</translation>
    </message>
    <message>
        <source>read from the text, {0} % sure</source>
        <translation>从文本读出，置信度 {0} %</translation>
    </message>
    <message>
        <source>PLAN STEP</source>
        <translation>计划步骤</translation>
    </message>
    <message>
        <source>Show all ({0} characters more)</source>
        <translation>显示全部（还有 {0} 个字符）</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
</context>
<context>
    <name>Suggesting</name>
    <message>
        <source>required</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>允许的值</translation>
    </message>
    <message>
        <source>earlier in this trajectory</source>
        <translation>此轨迹前文</translation>
    </message>
</context>
<context>
    <name>Sweep</name>
    <message>
        <source>Stopped inspecting</source>
        <translation>已停止检查</translation>
    </message>
    <message>
        <source>Inspecting {0} of {1}… Esc stops</source>
        <translation>正在检查 {0}/{1}…按 Esc 停止</translation>
    </message>
    <message>
        <source>Inspected: {0}. {1}</source>
        <translation>已检查：{0}。{1}</translation>
    </message>
</context>
<context>
    <name>TaskHeader</name>
    <message>
        <source>Nothing is open</source>
        <translation>未打开轨迹</translation>
    </message>
    <message>
        <source>Choose a trajectory in the queue, or import some.</source>
        <translation>请在队列中选择一条轨迹，或导入一些。</translation>
    </message>
    <message>
        <source>task {0}</source>
        <translation>任务 {0}</translation>
    </message>
    <message>
        <source>recorded by {0}</source>
        <translation>由 {0} 产生</translation>
    </message>
    <message>
        <source>replayed {0}</source>
        <translation>重放 {0}</translation>
    </message>
    <message>
        <source>{0} of {1} identical</source>
        <translation>{0}/{1} 相同</translation>
    </message>
    <message>
        <source>{0} not replayable</source>
        <translation>{0} 个无法重放</translation>
    </message>
    <message>
        <source>revision {0}</source>
        <translation>修订版 {0}</translation>
    </message>
    <message>
        <source>SYNTHETIC</source>
        <translation>合成</translation>
    </message>
</context>
<context>
    <name>TeamDesk</name>
    <message>
        <source>New assignments: {0}.</source>
        <translation>新的分配：{0}。</translation>
    </message>
    <message>
        <source>Merged: {0} decisions.</source>
        <translation>已合并：{0} 个决定。</translation>
    </message>
    <message>
        <source>Gold items made: {0}.</source>
        <translation>已设金标项：{0}。</translation>
    </message>
</context>
<context>
    <name>TeamWindow</name>
    <message>
        <source>Team</source>
        <translation>团队</translation>
    </message>
    <message>
        <source>Pages of the team</source>
        <translation>团队页面</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>分配</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致性</translation>
    </message>
    <message>
        <source>Gold items</source>
        <translation>金标项</translation>
    </message>
    <message>
        <source>Reliance</source>
        <translation>依赖</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>The queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>What is left to review: each row is one recorded run of an agent. Press {0} for the next one until you reach one that is not verified.</source>
        <translation>待审阅的内容：每行是智能体的一次运行记录。按 {0} 转到下一条，直到遇到未通过验证的一条。</translation>
    </message>
    <message>
        <source>The plan and its steps</source>
        <translation>计划及其步骤</translation>
    </message>
    <message>
        <source>What the agent did, under the plan that it followed. The marked step is the earliest cause: what failed can be traced back to it. The steps before it are locked. Select another one, with the mouse or the arrow keys; {0} folds it out.</source>
        <translation>智能体所做的事，按其遵循的计划排列。带标记的步骤是最早起因：失败可以追溯到它。它之前的步骤已锁定。用鼠标或方向键选择另一个步骤；按 {0} 展开。</translation>
    </message>
    <message>
        <source>The losses</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>How far the run is from what was asked, found by executing it again: goals, feasibility, hard and soft constraints, and discrepancy. Zero everywhere would be a perfect run.</source>
        <translation>这次运行与要求相差多少，通过重新执行得出：目标、可行性、硬约束和软约束，以及偏差。全部为零就是完美的运行。</translation>
    </message>
    <message>
        <source>The textual gradients</source>
        <translation>文本梯度</translation>
    </message>
    <message>
        <source>What went wrong, at which step, and by which evidence. {0} confirms the selected one, {1} dismisses it, {2} moves the blame to the selected step.</source>
        <translation>哪里出错、在哪个步骤、有何证据。{0} 确认所选梯度，{1} 将其排除，{2} 将归因移到所选步骤。</translation>
    </message>
    <message>
        <source>A proposal</source>
        <translation>修复提案</translation>
    </message>
    <message>
        <source>Press {0}: the desk searches for a repair, without a model and without a network. You can also edit a step yourself with {1}.</source>
        <translation>按 {0}：工作台会寻找修复，无需模型，也无需网络。您也可以按 {1} 自行编辑步骤。</translation>
    </message>
    <message>
        <source>Hunk by hunk</source>
        <translation>逐个改动块</translation>
    </message>
    <message>
        <source>Each hunk stands beside the gradient that it answers. {0} accepts the selected one, {1} rejects it, {2} edits it. Nothing is accepted before you say so.</source>
        <translation>每个改动块都与它所回应的梯度并列。{0} 接受所选改动块，{1} 拒绝，{2} 编辑。未经您同意，不会接受任何内容。</translation>
    </message>
    <message>
        <source>The decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>The candidate was executed: here is what became of the losses, and what the rule of acceptance answers. Once every hunk is decided, {0} approves and goes on to the next run. {1} puts a run off.</source>
        <translation>候选已执行：这里显示损失的变化，以及接受规则的结论。对每个改动块都做出决定后，按 {0} 批准并转到下一条。按 {1} 暂时跳过。</translation>
    </message>
    <message>
        <source>Nothing is lost</source>
        <translation>什么都不会丢失</translation>
    </message>
    <message>
        <source>Every decision is on record at once, and {0} takes back the last one, also after a restart. Try it.</source>
        <translation>每个决定都会立即记录，{0} 可以撤回最近一次决定，重新启动后也可以。试试看。</translation>
    </message>
    <message>
        <source>Everything has a key</source>
        <translation>一切都有快捷键</translation>
    </message>
    <message>
        <source>{0} shows all keys, {1} finds any action by a few letters, {2} goes round the panes. File imports your own runs and exports what was decided. This tour is in the menu Help.</source>
        <translation>{0} 显示所有快捷键，{1} 输入几个字即可找到任何操作，{2} 在窗格之间切换。“文件”菜单可以导入您自己的运行记录，并导出已做的决定。此导览位于“帮助”菜单中。</translation>
    </message>
</context>
<context>
    <name>TourCard</name>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Leave the tour</source>
        <translation>离开导览</translation>
    </message>
    <message>
        <source>Tour, {0} of {1}</source>
        <translation>导览 {0}/{1}</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>VerifyStrip</name>
    <message>
        <source>Show findings</source>
        <translation>显示检查结果</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Replay everything from the start ({0})</source>
        <translation>从头重放全部（{0}）</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Verification</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>… replaying</source>
        <translation>… 正在重放</translation>
    </message>
    <message>
        <source>? UNVERIFIED: not replayed yet</source>
        <translation>? 未验证：尚未重放</translation>
    </message>
    <message>
        <source>CANDIDATE</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>FULL REPLAY</source>
        <translation>完整重放</translation>
    </message>
    <message>
        <source>{0}: {1} actions</source>
        <translation>{0}：{1} 个动作</translation>
    </message>
    <message>
        <source>{0} — NOT JUDGED: no goal or constraint is known</source>
        <translation>{0} — 未判定：没有已知的目标或约束</translation>
    </message>
    <message>
        <source>goals and constraints</source>
        <translation>目标和约束</translation>
    </message>
    <message>
        <source>goals</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>{0}: {1} actions, {2} of {3} {4} met</source>
        <translation>{0}：{1} 个动作，满足 {2}/{3} 项{4}</translation>
    </message>
    <message>
        <source>{0} — UNVERIFIED</source>
        <translation>{0} — 未通过验证</translation>
    </message>
    <message>
        <source>{0} — VERIFIED</source>
        <translation>{0} — 已验证</translation>
    </message>
    <message>
        <source>met</source>
        <translation>满足</translation>
    </message>
    <message>
        <source>not met</source>
        <translation>未满足</translation>
    </message>
</context>
<context>
    <name>Views</name>
    <message>
        <source>To do</source>
        <translation>待处理</translation>
    </message>
    <message>
        <source>Worst first</source>
        <translation>最差优先</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>已标记</translation>
    </message>
    <message>
        <source>Disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我的</translation>
    </message>
    <message>
        <source>Not inspected</source>
        <translation>未检查</translation>
    </message>
</context>
<context>
    <name>ViewsDesk</name>
    <message>
        <source>Vie&amp;ws</source>
        <translation>查询视图(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Save this view…</source>
        <translation>保存此视图(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Rename or delete views…</source>
        <translation>重命名或删除视图(&amp;R)…</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>View: {0}</source>
        <translation>视图：{0}</translation>
    </message>
    <message>
        <source>Saved: the view {0}</source>
        <translation>已保存：视图 {0}</translation>
    </message>
</context>
<context>
    <name>ViewsDialog</name>
    <message>
        <source>Saved views</source>
        <translation>已保存的视图</translation>
    </message>
    <message>
        <source>There are none yet: type a query and save it as a view.</source>
        <translation>还没有视图：输入查询并将其保存为视图。</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>重命名(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>删除(&amp;D)</translation>
    </message>
</context>
<context>
    <name>WhatIfPane</name>
    <message>
        <source>There are no votes yet: choose a run of cascades that has some.</source>
        <translation>还没有投票：请选择有投票的级联运行。</translation>
    </message>
    <message>
        <source>Threshold of stage 1</source>
        <translation>阶段 1 的阈值</translation>
    </message>
    <message>
        <source>Threshold of stage 2</source>
        <translation>阶段 2 的阈值</translation>
    </message>
    <message>
        <source>How the majority is compared with a threshold</source>
        <translation>多数票如何与阈值比较</translation>
    </message>
    <message>
        <source>exceeds the threshold (&gt;)</source>
        <translation>超过阈值 (&gt;)</translation>
    </message>
    <message>
        <source>reaches the threshold (≥)</source>
        <translation>达到阈值 (≥)</translation>
    </message>
    <message>
        <source>Each task or step</source>
        <translation>各任务或步骤</translation>
    </message>
    <message>
        <source>Task or step</source>
        <translation>任务或步骤</translation>
    </message>
    <message>
        <source>Was</source>
        <translation>原来</translation>
    </message>
    <message>
        <source>Would be</source>
        <translation>将会</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>假如</translation>
    </message>
    <message>
        <source>{0}, as a number</source>
        <translation>{0}（数值）</translation>
    </message>
    <message>
        <source>Stage &amp;1</source>
        <translation>阶段 1(&amp;1)</translation>
    </message>
    <message>
        <source>Stage &amp;2</source>
        <translation>阶段 2(&amp;2)</translation>
    </message>
    <message>
        <source>The &amp;majority</source>
        <translation>多数票(&amp;M)</translation>
    </message>
    <message>
        <source>{0} of {1} are listed, those first that would end elsewhere.</source>
        <translation>列出 {1} 个中的 {0} 个，结局会改变的排在前面。</translation>
    </message>
    <message>
        <source>{0}, another answer</source>
        <translation>{0}，另一回答</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>hard constraints</source>
        <translation>硬约束</translation>
    </message>
    <message>
        <source>goal</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>feasibility</source>
        <translation>可行性</translation>
    </message>
    <message>
        <source>soft constraints</source>
        <translation>软约束</translation>
    </message>
    <message>
        <source>discrepancy</source>
        <translation>偏差</translation>
    </message>
    <message>
        <source>environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>checker</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>person</source>
        <translation>人</translation>
    </message>
    <message>
        <source>hard constraint</source>
        <translation>硬约束</translation>
    </message>
    <message>
        <source>soft constraint</source>
        <translation>软约束</translation>
    </message>
    <message>
        <source>replace {0}</source>
        <translation>替换步骤 {0}</translation>
    </message>
    <message>
        <source>insert before {0}</source>
        <translation>在步骤 {0} 前插入</translation>
    </message>
    <message>
        <source>delete {0}</source>
        <translation>删除步骤 {0}</translation>
    </message>
    <message>
        <source>move {0}</source>
        <translation>移动步骤 {0}</translation>
    </message>
    <message>
        <source>arguments of {0}</source>
        <translation>步骤 {0} 的参数</translation>
    </message>
    <message>
        <source>regenerate {0}</source>
        <translation>重新生成步骤 {0}</translation>
    </message>
    <message>
        <source>improves</source>
        <translation>有改进</translation>
    </message>
    <message>
        <source>lateral move</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>相等</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>变差</translation>
    </message>
    <message>
        <source>breaks a hard constraint</source>
        <translation>破坏硬约束</translation>
    </message>
    <message>
        <source>not comparable</source>
        <translation>无法比较</translation>
    </message>
    <message>
        <source>the plan alone</source>
        <translation>仅计划</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>approval</source>
        <translation>批准</translation>
    </message>
    <message>
        <source>approval with edits</source>
        <translation>编辑后批准</translation>
    </message>
    <message>
        <source>rejection</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>flag</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>confirmed gradient</source>
        <translation>确认梯度</translation>
    </message>
    <message>
        <source>moved blame</source>
        <translation>移动归因</translation>
    </message>
    <message>
        <source>dismissed gradient</source>
        <translation>排除梯度</translation>
    </message>
    <message>
        <source>added gradient</source>
        <translation>添加梯度</translation>
    </message>
    <message>
        <source>full replay</source>
        <translation>完整重放</translation>
    </message>
    <message>
        <source>return to a revision</source>
        <translation>恢复修订版</translation>
    </message>
    <message>
        <source>judgement before the proposal</source>
        <translation>查看提案前的判断</translation>
    </message>
    <message>
        <source>answer to the rubric</source>
        <translation>评分表回答</translation>
    </message>
    <message>
        <source>link to the plan</source>
        <translation>与计划的关联</translation>
    </message>
    <message>
        <source>score</source>
        <translation>打分</translation>
    </message>
    <message>
        <source>class of failures</source>
        <translation>失败类别</translation>
    </message>
    <message>
        <source>the task: instruction, policy, what is known of the user; never the answer</source>
        <translation>任务：指令、策略、已知的用户信息；绝不包含答案</translation>
    </message>
    <message>
        <source>the task once more, behind what is long</source>
        <translation>在长内容之后再次给出任务</translation>
    </message>
    <message>
        <source>the tools with their parameters</source>
        <translation>工具及其参数</translation>
    </message>
    <message>
        <source>the plan&apos;s steps</source>
        <translation>计划的步骤</translation>
    </message>
    <message>
        <source>the steps with what came of them</source>
        <translation>步骤及其结果</translation>
    </message>
    <message>
        <source>the textual gradients, without what reveals the answer</source>
        <translation>文本梯度，不含泄露答案的部分</translation>
    </message>
    <message>
        <source>the five losses</source>
        <translation>五项损失</translation>
    </message>
    <message>
        <source>what was judged, and whether it is met</source>
        <translation>判定的内容及是否满足</translation>
    </message>
    <message>
        <source>the requirements, one a line</source>
        <translation>要求，每行一条</translation>
    </message>
    <message>
        <source>how many steps at the start stay as they are</source>
        <translation>开头有多少步骤保持原样</translation>
    </message>
    <message>
        <source>earlier proposals that were not taken, and why</source>
        <translation>以前未采用的提案及原因</translation>
    </message>
    <message>
        <source>what the model looked up, with the answers</source>
        <translation>模型查询的内容及回答</translation>
    </message>
    <message>
        <source>how many look-ups may be asked for at once</source>
        <translation>一次最多可以请求多少次查询</translation>
    </message>
    <message>
        <source>how many rounds of look-ups are left</source>
        <translation>还剩多少轮查询</translation>
    </message>
    <message>
        <source>the greatest number of answers</source>
        <translation>回答的最大数量</translation>
    </message>
    <message>
        <source>feedback on earlier attempts, where there is any</source>
        <translation>对以前尝试的反馈（如有）</translation>
    </message>
    <message>
        <source>what the user knows and wants</source>
        <translation>用户知道什么、想要什么</translation>
    </message>
    <message>
        <source>what was said so far</source>
        <translation>到目前为止的对话</translation>
    </message>
    <message>
        <source>numbers of the actions that a plan has to name</source>
        <translation>计划必须提到的动作编号</translation>
    </message>
    <message>
        <source>what was wrong with the last answer</source>
        <translation>上一个回答的问题</translation>
    </message>
    <message>
        <source>the word that ends the conversation</source>
        <translation>结束对话的词</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>规划</translation>
    </message>
    <message>
        <source>plan anew</source>
        <translation>重新规划</translation>
    </message>
    <message>
        <source>write the plan of what was done</source>
        <translation>写出已执行内容的计划</translation>
    </message>
    <message>
        <source>act</source>
        <translation>行动</translation>
    </message>
    <message>
        <source>criticise</source>
        <translation>批评</translation>
    </message>
    <message>
        <source>propose</source>
        <translation>提案</translation>
    </message>
    <message>
        <source>verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>judge</source>
        <translation>评判</translation>
    </message>
    <message>
        <source>speak as the user</source>
        <translation>扮演用户</translation>
    </message>
    <message>
        <source>give feedback</source>
        <translation>给出反馈</translation>
    </message>
    <message>
        <source>reflect</source>
        <translation>反思</translation>
    </message>
    <message>
        <source>make new tasks</source>
        <translation>生成新任务</translation>
    </message>
    <message>
        <source>classify</source>
        <translation>归类</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>inspect</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>evolve</source>
        <translation>演化</translation>
    </message>
    <message>
        <source>accept</source>
        <translation>验收</translation>
    </message>
    <message>
        <source>route</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>user</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>agent</source>
        <translation>智能体</translation>
    </message>
    <message>
        <source>system</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>the losses cannot be compared: they do not measure the same components</source>
        <translation>损失无法比较：测量的分量不同</translation>
    </message>
    <message>
        <source>violates what held before: {0}</source>
        <translation>破坏了原本成立的约束：{0}</translation>
    </message>
    <message>
        <source>the loss is equal: accepted only as a lateral move</source>
        <translation>损失相等：只能作为平移接受</translation>
    </message>
    <message>
        <source>no component changed</source>
        <translation>没有分量发生变化</translation>
    </message>
    <message>
        <source>not inspected</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>未判定</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>未通过验证</translation>
    </message>
    <message>
        <source>not measured here</source>
        <translation>此处未测量</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>builds on its change of {0}</source>
        <translation>依赖于它对 {0} 的更改</translation>
    </message>
    <message>
        <source>{0} = {1}</source>
        <translation>{0} = {1}</translation>
    </message>
    <message>
        <source>{0}, which it no longer says</source>
        <translation>{0}，但它已不再这样说</translation>
    </message>
    <message>
        <source>the run as a whole</source>
        <translation>整个运行</translation>
    </message>
    <message>
        <source>{0}: recorded as met, found unmet</source>
        <translation>{0}：记录为满足，实际未满足</translation>
    </message>
    <message>
        <source>{0}: recorded as unmet, found met</source>
        <translation>{0}：记录为未满足，实际满足</translation>
    </message>
    <message>
        <source>whole plan</source>
        <translation>整个计划</translation>
    </message>
    <message>
        <source>step {0}</source>
        <translation>步骤 {0}</translation>
    </message>
    <message>
        <source>calls: {0}</source>
        <translation>调用：{0}</translation>
    </message>
    <message>
        <source>tokens: {0} in, {1} out</source>
        <translation>token：输入 {0}，输出 {1}</translation>
    </message>
    <message>
        <source>{0} (estimated)</source>
        <translation>{0}（估算）</translation>
    </message>
    <message>
        <source>price not known</source>
        <translation>价格未知</translation>
    </message>
</context>
<context>
    <name>Workbench</name>
    <message>
        <source>Something went wrong: {0}. Your draft is kept.</source>
        <translation>出现问题：{0}。您的草稿已保留。</translation>
    </message>
    <message>
        <source>The saved draft cannot be read and is left out: {0}</source>
        <translation>无法读取已保存的草稿，已忽略：{0}</translation>
    </message>
    <message>
        <source>Found a repair. Candidates tried: {0}.</source>
        <translation>找到修复。已尝试候选：{0}。</translation>
    </message>
    <message>
        <source>No better trajectory was found. Candidates tried: {0}.</source>
        <translation>没有找到更好的轨迹。已尝试候选：{0}。</translation>
    </message>
    <message>
        <source>The same proposal came again.</source>
        <translation>再次得到相同的提案。</translation>
    </message>
</context>
<context>
    <name>_FileRow</name>
    <message>
        <source>{0}: your own file</source>
        <translation>{0}：您自己的文件</translation>
    </message>
    <message>
        <source>{0}: as shipped</source>
        <translation>{0}：随附版本</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Make a copy and open it</source>
        <translation>创建副本并打开</translation>
    </message>
</context>
<context>
    <name>_Runs</name>
    <message>
        <source>Steps: {0}. Tools: {1}</source>
        <translation>步骤：{0}。工具：{1}</translation>
    </message>
    <message>
        <source>… and more steps: {0}</source>
        <translation>…以及更多步骤：{0}</translation>
    </message>
</context>
</TS>
