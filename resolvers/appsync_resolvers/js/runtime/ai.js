// @aws-appsync/utils/ai: requests to Amazon Bedrock.
(function () {
  "use strict";
  const converse = (payload) => ({ operation: "Converse", ...payload });
  const invokeModel = (payload) => ({ operation: "InvokeModel", ...payload });
  return { converse, invokeModel };
});
