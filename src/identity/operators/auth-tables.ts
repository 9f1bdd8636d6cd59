/** What better-auth calls its tables and columns, and what ours are called. Columns that are missing here have the same name in both. */

const timestamps = { createdAt: 'created_at', updatedAt: 'updated_at' };

export const authTables = {
  user: { modelName: 'operator', fields: { ...timestamps, emailVerified: 'email_verified' } },
  session: {
    modelName: 'operator_session',
    fields: {
      ...timestamps,
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      userId: 'operator_id',
    },
  },
  account: {
    modelName: 'operator_account',
    fields: {
      ...timestamps,
      accountId: 'account_id',
      providerId: 'provider_id',
      userId: 'operator_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
    },
  },
  verification: { modelName: 'operator_verification', fields: { ...timestamps, expiresAt: 'expires_at' } },
  rateLimit: { modelName: 'operator_rate_limit', fields: { lastRequest: 'last_request' } },
};

export const organizationTables = {
  organization: { modelName: 'team', fields: { createdAt: 'created_at' } },
  member: {
    modelName: 'team_member',
    fields: { organizationId: 'team_id', userId: 'operator_id', createdAt: 'created_at' },
  },
  invitation: {
    modelName: 'team_invitation',
    fields: {
      organizationId: 'team_id',
      inviterId: 'inviter_id',
      expiresAt: 'expires_at',
      createdAt: 'created_at',
    },
  },
  session: { fields: { activeOrganizationId: 'active_team_id' } },
};
