import { answerAlerts } from './alerts/answer.ts';
import { listAlerts } from './alerts/list.ts';
import { subscribeAlerts } from './alerts/subscribe.ts';
import { decideApprovals } from './approvals/decide.ts';
import { delegateApprovals } from './approvals/delegate.ts';
import { approvalsInbox } from './approvals/inbox.ts';
import { approvalPolicies } from './approvals/policies.ts';
import { setApprovalPolicy } from './approvals/policy.ts';
import { showApproval } from './approvals/show.ts';
import { connectorHistoryCommand } from './assign/history.ts';
import { listAssignments } from './assign/list.ts';
import { newAssignment } from './assign/new.ts';
import { removeAssignment } from './assign/remove.ts';
import { listAudit } from './audit/list.ts';
import { verifyAuditCommand } from './audit/verify.ts';
import type { Command } from './command.ts';
import { connectorAttributes } from './connectors/attributes.ts';
import { configureConnector } from './connectors/configure.ts';
import { listConnectors } from './connectors/list.ts';
import { newConnector } from './connectors/new.ts';
import { rehearseConnector } from './connectors/rehearse.ts';
import { connectorSeats } from './connectors/seats.ts';
import { setConnector } from './connectors/set.ts';
import { showConnector } from './connectors/show.ts';
import { connectorStates } from './connectors/states.ts';
import { importCommand } from './directory/import.ts';
import { showDirectory } from './directory/show.ts';
import { enrollCommands } from './enroll/list.ts';
import type { Help } from './exchange/routes.ts';
import { helpOf } from './home/help.ts';
import { homeCommands, hub } from './home/hub.ts';
import { findPersonCommand } from './person/find.ts';
import { provisionPerson } from './person/provision.ts';
import { addProtected } from './protected/add.ts';
import { listProtected } from './protected/list.ts';
import { removeProtected } from './protected/remove.ts';
import { makeReport } from './report/make.ts';
import { giveRoles } from './roles/give.ts';
import { listRoles } from './roles/list.ts';
import { reassignOwned } from './roles/reassign.ts';
import { takeRoles } from './roles/take.ts';
import { deletionCommands } from './sync/deletions.ts';
import { historyCommands } from './sync/history.ts';
import { startCommands } from './sync/start.ts';
import { steerCommands } from './sync/steer.ts';

export { drawHome as home } from './home/hub.ts';

/** Every command there is. What is not listed here does not exist. */
export const registry: readonly Command[] = [
  homeCommands,
  listConnectors,
  showConnector,
  newConnector,
  configureConnector,
  connectorAttributes,
  setConnector,
  connectorSeats,
  rehearseConnector,
  connectorStates,
  startCommands,
  steerCommands,
  historyCommands,
  deletionCommands,
  makeReport,
  findPersonCommand,
  provisionPerson,
  listProtected,
  addProtected,
  removeProtected,
  showDirectory,
  importCommand,
  enrollCommands,
  newAssignment,
  listAssignments,
  removeAssignment,
  connectorHistoryCommand,
  listAlerts,
  subscribeAlerts,
  answerAlerts,
  listRoles,
  giveRoles,
  takeRoles,
  reassignOwned,
  approvalsInbox,
  showApproval,
  decideApprovals,
  approvalPolicies,
  setApprovalPolicy,
  delegateApprovals,
  listAudit,
  verifyAuditCommand,
];

/** What answers when no topic and verb fit. */
export const help: Help = { hub, help: helpOf(() => registry.flatMap((command) => command.typed ?? [])) };
