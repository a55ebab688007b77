"""What was done, and to what, in words: the acts of the journal. A test holds that every act written has one."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.people.roles import Action
from shuangkong.web.assessment.accountability.words import EVENTS as OF_CONSEQUENCES
from shuangkong.web.assessment.commendation.words import EVENTS as OF_COMMENDATIONS
from shuangkong.web.assessment.years.words import EVENTS as OF_ASSESSMENTS
from shuangkong.web.indicators.emissions.words import EVENTS as OF_REDUCTIONS
from shuangkong.web.monitoring.words import ALARM_ACTS as OF_ALARMS
from shuangkong.web.outlook.projects.words import EVENTS as OF_PROJECTS
from shuangkong.web.outlook.responding import EVENTS as OF_RESPONSES
from shuangkong.web.people.words import ACTIONS
from shuangkong.web.plans.cascade.words import RELATIONS
from shuangkong.web.plans.tasks.words import EVENTS as OF_TASKS
from shuangkong.web.reporting.words import EVENTS as OF_RETURNS

#: Acts that are steps of a thing: each has a word where its thing has its words.
_STEPS: Mapping[str, str | Promise] = {
    **{f"task.{kind.value}": word for kind, word in OF_TASKS.items()},
    **{f"assessment.{kind.value}": word for kind, word in OF_ASSESSMENTS.items()},
    "consequence.propose": lazy("列出后果"),
    **{f"consequence.{kind.value}": word for kind, word in OF_CONSEQUENCES.items()},
    "assessment.mark": lazy("记录打分和证据"),
    "assessment.carry_over": lazy("结转打分和材料"),
    "exemption.record": lazy("记录限制的例外"),
    "exemption.end": lazy("取消限制的例外"),
    "key_units.take": lazy("导入重点用能单位名单"),
    **{f"commendation.{kind.value}": word for kind, word in OF_COMMENDATIONS.items()},
    **{f"emission.{kind.value}": word for kind, word in OF_REDUCTIONS.items()},
    **{f"return.{kind.value}": word for kind, word in OF_RETURNS.items()},
    **{f"cascade.{relation.value}": word for relation, word in RELATIONS.items()},
}
ACTS: Mapping[str, str | Promise] = {
    **_STEPS,
    **{action.value: ACTIONS[action] for action in (
        Action.PLAN_UPLOAD, Action.PLAN_REVIEW, Action.PLAN_ADOPT, Action.ACTUAL_LOAD, Action.BODY_CONFIRM,
        Action.MATTER_RAISE, Action.MATTER_ACKNOWLEDGE, Action.PAPER_MAKE, Action.EXCHANGE_IMPORT,
        Action.BULLETIN_PREPARE, Action.BULLETIN_PUBLISH,
        Action.BAROMETER_PREPARE, Action.BAROMETER_PUBLISH,
    )},
    "plan.add": lazy("补入条目"),
    "plan.attach": lazy("存入原文"),
    "plan.audit": lazy("重新审核"),
    "task.assign": lazy("交办方案"),
    "task.add": lazy("另行交办任务"),
    "task.own": lazy("指定归口单位"),
    "task.renew": lazy("开始新一期"),
    "meeting.call": lazy("召集调度会"),
    "meeting.minute": lazy("写会议纪要"),
    "cascade.pair": lazy("认定对应条目"),
    "cascade.gap": lazy("差距转为任务"),
    "cascade.register": lazy("登记配套事项"),
    "cascade.decline": lazy("不予登记"),
    "cascade.withdraw": lazy("撤销登记"),
    "cascade.written": lazy("登记已编制的方案"),
    "cascade.arrived": lazy("登记已下达的数值"),
    "bulletin.approve": lazy("批准公报"),
    "bulletin.return": lazy("退回公报"),
    "bulletin.withdraw": lazy("撤回公报"),
    **{f"response.{kind.value}": word for kind, word in OF_RESPONSES.items()},
    "weather.start": lazy("启动应急响应"),
    "weather.change": lazy("调整响应级别"),
    "weather.end": lazy("解除应急响应"),
    "weather.load": lazy("录入应急减排清单"),
    "weather.tell": lazy("录入应急期间日排放量"),
    "notice.send": lazy("发出通知"),
    "notice.acknowledge": lazy("签收通知"),
    **{f"project.{kind.value}": word for kind, word in OF_PROJECTS.items()},
    "window.open": lazy("开报送窗口"),
    "window.refresh": lazy("更新应报名单"),
    "window.clock": lazy("定由系统到期开的窗口"),
    "staff.record": lazy("登记统计或能源管理人员"),
    "agent.appoint": lazy("委托代报"),
    "check.set_aside": lazy("对单位停用检查"),
    "check.apply_again": lazy("恢复检查"),
    "return.bulk": lazy("批量存报表草稿"),
    "verification.open": lazy("核查立案"),
    "verification.notify": lazy("通知单位核查"),
    "verification.answer": lazy("单位对核查的答复"),
    "verification.assign": lazy("交核查机构核查"),
    "verification.note": lazy("记录核查发现"),
    "verification.visit": lazy("现场核查"),
    "verification.ask": lazy("要求更正报表"),
    "verification.correct": lazy("核查后更正"),
    "verification.confirm": lazy("核查确认属实"),
    "verification.clear": lazy("排除疑点"),
    "verification.convict": lazy("认定造假"),
    "verification.hand_over": lazy("造假移送查处"),
    "verification.outcome": lazy("登记造假的处理结果"),
    "verification.close": lazy("核查结案"),
    "verification.register": lazy("登记核查机构"),
    "verification.qualification": lazy("登记核查资质"),
    "verification.holding": lazy("登记股权关系"),
    "verification.service": lazy("登记服务经历"),
    "verification.verified": lazy("登记核查业绩"),
    "verification.recheck": lazy("登记核查复查"),
    "verification.suspension": lazy("暂停承接核查"),
    "verification.removal": lazy("移出核查名录"),
    "agent.end": lazy("结束代报委托"),
    "coverage.record": lazy("登记填报范围"),
    **{f"alarm.{act.value}": word for act, word in OF_ALARMS.items()},
    "monitoring.register": lazy("登记在线监测"),
    "monitoring.revise": lazy("修改在线监测登记"),
    "monitoring.order": lazy("向设备下命令"),
    "monitoring.cancel": lazy("撤销命令"),
    "monitoring.expire": lazy("命令作废"),
    "monitoring.mark": lazy("标记监测数据"),
    "monitoring.unmark": lazy("撤销标记"),
    "monitoring.sift": lazy("处置隔离的数据"),
    "monitoring.connect": lazy("确认用能单位接入"),
    "monitoring.disconnect": lazy("停用用能单位接入"),
    "monitoring.upload": lazy("上报监测读数"),
    "monitoring.platform_set": lazy("设置上级平台"),
    "monitoring.platform_start": lazy("启动转报"),
    "monitoring.platform_stop": lazy("停止转报"),
    "monitoring.platform_end": lazy("撤销上级平台"),
    "monitoring.platform_resend": lazy("重报上级平台"),
    "monitoring.rekey": lazy("更换设备密钥"),
    "monitoring.publish": lazy("公布重点排污单位名录"),
    "headroom.commit": lazy("记入已批未投"),
    "headroom.end": lazy("办结已批未投"),
    "barometer.approve": lazy("批准晴雨表"),
    "barometer.return": lazy("退回晴雨表"),
    "barometer.withdraw": lazy("撤回晴雨表"),
    "emission.load": lazy("录入底数"),
    "emission.choose": lazy("确定以哪种底数为准"),
    "emission.register": lazy("登记减排的批次、厂或场"),
    "decomposition.open": lazy("开始分解目标"),
    "decomposition.record": lazy("记录分解方案"),
    "decomposition.adopt": lazy("采用分解方案"),
    "decomposition.withdraw": lazy("撤销分解"),
    "certificate.open": lazy("开立绿证账户"),
    "certificate.record": lazy("登记绿证账目"),
    "subject.register": lazy("登记统计对象"),
    "subject.scope": lazy("登记统计范围"),
    "subject.succeed": lazy("登记统计对象沿革"),
    "subject.withdraw": lazy("撤销统计对象的一项登记"),
    "responsible.name": lazy("登记责任人"),
    "responsible.end": lazy("责任人不再负责"),
    "reminders.choose": lazy("选择提醒方式"),
    "reminders.send_again": lazy("重新发送提醒"),
    "calendar.make": lazy("开通日历订阅"),
    "calendar.revoke": lazy("停用日历订阅"),
    "people.make": lazy("新建人员"),
    "people.appoint": lazy("授权"),
    "people.withdraw": lazy("收回授权"),
    "people.activate": lazy("启用人员"),
    "people.deactivate": lazy("停用人员"),
    "people.change_password": lazy("修改密码"),
    "people.reset_password": lazy("重设密码"),
    "people.link_identity": lazy("关联统一身份"),
    "people.set_up_factor": lazy("设置第二验证"),
    "people.drop_factor": lazy("停用第二验证"),
    "people.require_factor": lazy("规定第二验证"),
    "people.renew_recovery_codes": lazy("更换恢复码"),
    "people.make_token": lazy("新建接口令牌"),
    "people.revoke_token": lazy("撤销接口令牌"),
    "region.add": lazy("登记乡镇"),
    "region.succeed": lazy("登记地区沿革"),
    "body.add": lazy("登记企业单位"),
    "body.distinguish": lazy("认定不是同一单位"),
    "body.succeed": lazy("登记单位沿革"),
    "enterprise.register": lazy("登记企业"),
    "enterprise.change": lazy("变更企业"),
    "enterprise.close": lazy("企业关停"),
    "enterprise.reopen": lazy("企业恢复"),
    "enterprise.body": lazy("开通企业填报"),
    "enterprise.succeed": lazy("登记企业沿革"),
    "enterprise.identify": lazy("登记外部编号"),
    "enterprise.unidentify": lazy("停用外部编号"),
    "enterprise.confirm": lazy("认定同一企业"),
    "enterprise.distinguish": lazy("认定不是同一企业"),
}  # fmt: skip
#: What acts are done to, by the first part of a subject.
THINGS: Mapping[str, str | Promise] = {
    "plan": lazy("方案"),
    "task": lazy("任务"),
    "meeting": lazy("调度会"),
    "matter": lazy("重大情况"),
    "body": lazy("单位"),
    "person": lazy("人员"),
    "region": lazy("地区"),
    "enterprise": lazy("企业"),
    "assessment": lazy("考核"),
    "consequence": lazy("一项后果"),
    "commendation": lazy("表彰"),
    "decomposition": lazy("一项分解"),
    "barometer": lazy("晴雨表"),
    "response": lazy("预警调控"),
    "headroom": lazy("用能和排放空间"),
    "alarm": lazy("在线监测报警"),
    "order": lazy("设备命令"),
    "quarantine": lazy("隔离的数据"),
    "reading_upload": lazy("上报的读数"),
    "outlets": lazy("排放口"),
    "factors": lazy("应测因子"),
    "devices": lazy("监测设备"),
    "connections": lazy("设备接入"),
    "device-units": lazy("设备所用单位"),
    "standards": lazy("执行的排放标准"),
    "limits": lazy("排放限值"),
    "meters": lazy("计量器具"),
    "swaps": lazy("换表记录"),
    "services": lazy("运维记录"),
    "manual-results": lazy("手工监测结果"),
    "boilers": lazy("锅炉和窑炉"),
    "sewage-plants": lazy("污水处理厂"),
    "test-stations": lazy("机动车检测站"),
    "key-dischargers": lazy("重点排污单位"),
    "key_dischargers": lazy("重点排污单位名录"),
    "publications": lazy("监测结果公布"),
    "project": lazy("重点工程"),
    "weather_alert": lazy("重污染天气应急"),
    "weather_list": lazy("应急减排清单"),
    "notice": lazy("通知"),
    "return": lazy("报表"),
    "window": lazy("报送窗口"),
    "reporter": lazy("填报单位"),
    "link": lazy("方案关联"),
    "cascade": lazy("配套事项"),
    "responsible": lazy("责任人"),
    "bulletin": lazy("公报"),
    "reduction": lazy("减排项目"),
    "inventory": lazy("底数"),
    "certificate_holder": lazy("绿证账户"),
    "certificates": lazy("绿证台账"),
    "paper/bulletin": lazy("督查通报"),
    "paper/duty_list": lazy("责任分工表"),
    "paper/responsibility_letter": lazy("目标责任书"),
    "paper/minutes": lazy("会议纪要"),
    "paper/commendation": lazy("表彰通报"),
    "paper/score_sheet": lazy("考核评分表"),
    "paper/assessment_notice": lazy("考核结果通报"),
    "paper/self_check": lazy("自查报告"),
    "paper/consequence_notice": lazy("后果通知"),
    "paper/interview_minutes": lazy("约谈纪要"),
    "token": lazy("接口令牌"),
    "message": lazy("提醒"),
    "load": lazy("导入的数据"),
    "people": lazy("人员规则"),
}


def act_word(act: str) -> str:
    """An act in words; one of an earlier version of the site by its code."""
    return str(ACTS.get(act, act))


def thing_word(subject: str, names: Mapping[str, str]) -> str:
    """What an act was done to: 单位 某局, 任务 17. ``names`` are those of things that have one, by subject."""
    first, _slash, rest = subject.partition("/")
    sort, _slash, its = rest.partition("/")
    if (long := f"{first}/{sort}") in THINGS:
        return f"{THINGS[long]} {its}".strip()
    if first not in THINGS:
        return subject
    return f"{THINGS[first]} {names.get(subject, rest)}".strip()


def acts_to_choose() -> list[tuple[str, str]]:
    """Code and word of every act, those of one thing together, in the order of the table."""
    things = {act.partition(".")[0]: None for act in ACTS}
    return [(act, str(word)) for thing in things for act, word in ACTS.items() if act.partition(".")[0] == thing]
