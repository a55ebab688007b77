"""The words of roles, actions and sign-ins, in the language of the page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.people.sign_ins import Means, Outcome

ROLES: dict[Role, str | Promise] = {
    Role.ADMINISTRATOR: lazy("系统管理员"),
    Role.PLAN_OFFICE: lazy("方案办（牵头部门）"),
    Role.LEADING_GROUP: lazy("领导小组、分管领导"),
    Role.DEPARTMENT: lazy("责任部门"),
    Role.REGION: lazy("被考核地区"),
    Role.REPORTER: lazy("企业填报人"),
    Role.SIGNATORY: lazy("企业签发人"),
    Role.VERIFIER: lazy("第三方核查"),
    Role.AUDITOR: lazy("审计（只看）"),
    Role.PUBLIC: lazy("公众"),
}
ACTIONS: dict[Action, str | Promise] = {
    Action.PLAN_READ: lazy("看方案和目标"),
    Action.PLAN_UPLOAD: lazy("读入方案"),
    Action.PLAN_REVIEW: lazy("审阅条目"),
    Action.PLAN_ADOPT: lazy("采用方案"),
    Action.PLAN_COMPARE: lazy("上下级方案对照"),
    Action.CERTIFICATE_READ: lazy("看绿证台账"),
    Action.CERTIFICATE_RECORD: lazy("记绿证台账"),
    Action.ACTUAL_READ: lazy("看实际值"),
    Action.ACTUAL_LOAD: lazy("录入实际值"),
    Action.BODY_READ: lazy("看责任单位"),
    Action.BODY_CONFIRM: lazy("认定同一单位和沿革"),
    Action.ENTERPRISE_READ: lazy("看企业名录"),
    Action.ENTERPRISE_REGISTER: lazy("登记企业和外部编号"),
    Action.TASK_READ: lazy("看任务"),
    Action.TASK_ASSIGN: lazy("交办任务"),
    Action.TASK_REPORT: lazy("报送进展"),
    Action.TASK_CONFIRM: lazy("确认配合份额"),
    Action.TASK_JUDGE: lazy("接受或退回进展"),
    Action.TASK_EXTEND: lazy("批准延期"),
    Action.TASK_ESCALATE: lazy("催办和通报"),
    Action.MEETING_READ: lazy("看调度会"),
    Action.MEETING_HOLD: lazy("召开调度会"),
    Action.MATTER_READ: lazy("看重大情况"),
    Action.MATTER_RAISE: lazy("报告重大情况"),
    Action.MATTER_ACKNOWLEDGE: lazy("签收重大情况"),
    Action.LISTING_SUPERVISE: lazy("挂牌督办和摘牌"),
    Action.DECOMPOSITION_READ: lazy("看目标分解"),
    Action.DECOMPOSITION_PREPARE: lazy("试算和记录分解方案"),
    Action.DECOMPOSITION_ADOPT: lazy("采用和撤销分解"),
    Action.ASSESSMENT_READ: lazy("看考核"),
    Action.ASSESSMENT_CONDUCT: lazy("组织考核"),
    Action.ASSESSMENT_ANSWER: lazy("自查和申辩"),
    Action.ASSESSMENT_APPROVE: lazy("批准和更正考核结果"),
    Action.COMMENDATION_READ: lazy("看表彰"),
    Action.COMMENDATION_PROPOSE: lazy("提出表彰"),
    Action.COMMENDATION_PUBLICISE: lazy("公示和答复异议"),
    Action.COMMENDATION_APPROVE: lazy("批准和撤销表彰"),
    Action.COMMENDATION_ANNOUNCE: lazy("公布表彰"),
    Action.EMISSION_READ: lazy("看减排台账"),
    Action.EMISSION_LOAD: lazy("录入排放底数并认定"),
    Action.EMISSION_REGISTER: lazy("登记减排来源"),
    Action.EMISSION_REPORT: lazy("自报减排项目"),
    Action.EMISSION_CHECK: lazy("县级核查减排"),
    Action.EMISSION_REVIEW: lazy("审核减排"),
    Action.EMISSION_RECOGNISE: lazy("核定和冲销减排"),
    Action.PAPER_MAKE: lazy("出具公文"),
    Action.BULLETIN_PREPARE: lazy("起草公报"),
    Action.BULLETIN_APPROVE: lazy("批准或退回公报"),
    Action.BULLETIN_PUBLISH: lazy("公布公报"),
    Action.BAROMETER_PREPARE: lazy("起草晴雨表"),
    Action.BAROMETER_APPROVE: lazy("批准或退回晴雨表"),
    Action.BAROMETER_PUBLISH: lazy("公布晴雨表"),
    Action.HEADROOM_RECORD: lazy("记已批未投项目"),
    Action.RESPONSE_DECIDE: lazy("启动和调整预警调控"),
    Action.PROJECT_READ: lazy("看重点工程台账"),
    Action.PROJECT_REGISTER: lazy("列入重点工程和下达减排任务"),
    Action.PROJECT_DISPATCH: lazy("报送重点工程调度和运行证明"),
    Action.WEATHER_READ: lazy("看重污染天气应急"),
    Action.WEATHER_RECORD: lazy("编制应急减排清单和录入排放"),
    Action.WEATHER_ORDER: lazy("签发应急响应令"),
    Action.NOTICE_READ: lazy("看通知和签收情况"),
    Action.NOTICE_ACKNOWLEDGE: lazy("签收通知"),
    Action.RETURN_READ: lazy("看报表"),
    Action.RETURN_FILE: lazy("填报报表"),
    Action.RETURN_SIGN: lazy("签报和更正报表"),
    Action.RETURN_REVIEW: lazy("审核报表"),
    Action.RETURN_APPROVE: lazy("逐级审批报表"),
    Action.RETURN_VERIFY: lazy("核查报表"),
    Action.WINDOW_OPEN: lazy("开报送窗口和定填报范围"),
    Action.STAFF_RECORD: lazy("登记统计和能源管理人员"),
    Action.AGENT_APPOINT: lazy("委托代报"),
    Action.EXCHANGE_IMPORT: lazy("批量导入"),
    Action.EXCHANGE_EXPORT: lazy("批量导出"),
    Action.PEOPLE_READ: lazy("看人员和授权"),
    Action.PEOPLE_APPOINT: lazy("授权和收回"),
    Action.REGISTRY_CHANGE: lazy("改登记册"),
    Action.JOURNAL_READ: lazy("看日志"),
    Action.TOKEN_HOLD: lazy("持有接口令牌"),
}
MEANS: dict[Means, str | Promise] = {Means.PASSWORD: lazy("密码"), Means.PROVIDER: lazy("统一身份认证")}
OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.SUCCESS: lazy("登录成功"),
    Outcome.WRONG_PASSWORD: lazy("密码不对"),
    Outcome.NO_PERSON: lazy("没有这个用户"),
    Outcome.INACTIVE: lazy("用户已停用"),
    Outcome.WRONG_CODE: lazy("验证码不对"),
    Outcome.THROTTLED: lazy("次数太多，未予验证"),
    Outcome.NO_IDENTITY: lazy("身份未与人员对应"),
    Outcome.PROVIDER_FAULT: lazy("统一身份认证出错"),
}


def acting_words(acting: Acting) -> str:
    """A way of acting in one line: role, body, place."""
    return " · ".join(filter(None, (str(ROLES[acting.role]), acting.body_name, acting.region_name)))
