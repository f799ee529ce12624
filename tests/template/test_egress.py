"""A fixed address for requests to CRMs: functions that call CRMs leave through one NAT gateway, where that is asked for."""

import re
import unittest
from unittest import mock

import iam
from breaking import Promises, broken_by, put, without
from deployed import ACCOUNT, REGION, Deployed, as_list, expanded, source

FIXED = {"FixedEgress": "yes"}
# What Lambda needs to connect a function to a network (AWSLambdaVPCAccessExecutionRole).
INTERFACES = [
    "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
OTHERS = ["ec2:CreateVpc", "ec2:AuthorizeSecurityGroupIngress", "ec2:AssociateAddress", "ec2:RunInstances", "ec2:CreateRoute"]
EVERYWHERE = "0.0.0.0/0"
# The local stack, whose evaluator this is, makes no request that has this key.
KEYS = re.compile(iam.policies.KEYS.pattern + "|lambda:sourcefunctionarn")


def call_crms(stack):
    """The functions that call CRMs."""
    return {name for name, one in stack.of("AWS::Lambda::Function").items() if "CRM_LOOPBACK" in one["Environment"]["Variables"]}


def routes(stack, subnet):
    """{destination: properties of the route} of a subnet."""
    [table] = [one["RouteTableId"] for one in stack.of("AWS::EC2::SubnetRouteTableAssociation").values() if one["SubnetId"] == subnet]
    return table, {one["DestinationCidrBlock"]: one for one in stack.of("AWS::EC2::Route").values() if one["RouteTableId"] == table}


class Egress(Promises):
    def test_nothing_of_it_is_there_unless_it_is_asked_for(self):
        stack = Deployed(expanded())
        self.assertEqual([name for name, one in stack.resources.items() if one["Type"].startswith("AWS::EC2::")], [])
        self.assertEqual([name for name, one in stack.of("AWS::Lambda::Function").items() if "VpcConfig" in one], [])
        for role in stack.of("AWS::IAM::Role"):
            actions = [action for one in iam.statements(stack, role) for action in as_list(one["Action"])]
            self.assertEqual([action for action in actions if action.startswith("ec2:")], [], role)
        self.assertEqual(source()["Parameters"]["FixedEgress"]["Default"], "no")

    @broken_by(
        without("ApiFunction", "Properties", "VpcConfig"),
        put("DispatchFunction", "Properties", "VpcConfig", {"SubnetIds": [{"Ref": "PrivateSubnetA"}], "SecurityGroupIds": [{"Ref": "EgressGroup"}]}),
        put("RouteToEgressGateway", "Properties", {"RouteTableId": {"Ref": "PrivateRoutes"}, "DestinationCidrBlock": EVERYWHERE, "GatewayId": {"Ref": "Internet"}}),
        put("EgressGateway", "Properties", "SubnetId", {"Ref": "PrivateSubnetA"}),
        put("SyncFunction", "Properties", "VpcConfig", "Fn::If", 1, "SubnetIds", 0, {"Ref": "PublicSubnet"}),
        put("PrivateSubnetB", "Properties", "AvailabilityZone", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        **FIXED,
    )
    def test_whatever_calls_crms_leaves_by_the_one_address_and_nothing_else_is_in_the_network(self, stack):
        inside = {name: one["VpcConfig"] for name, one in stack.of("AWS::Lambda::Function").items() if "VpcConfig" in one}
        self.assertEqual(set(inside), call_crms(stack))
        self.assertEqual(len(inside), 3)
        [(address, _)] = stack.of("AWS::EC2::EIP").items()
        [(gateway, nat)] = stack.of("AWS::EC2::NatGateway").items()
        self.assertEqual(nat["AllocationId"], f"{address}.AllocationId")
        _, public = routes(stack, nat["SubnetId"]) if nat["SubnetId"] == "PublicSubnet" else (None, {})
        self.assertEqual({to: one.get("GatewayId") for to, one in public.items()}, {EVERYWHERE: "Internet"})
        for function, network in inside.items():
            zones = {stack.properties(subnet)["AvailabilityZone"] for subnet in network["SubnetIds"]}
            self.assertEqual(len(zones), 2, function)
            for subnet in network["SubnetIds"]:
                _, private = routes(stack, subnet)
                self.assertEqual({to: one.get("NatGatewayId") for to, one in private.items()}, {EVERYWHERE: gateway}, f"{function} {subnet}")

    @broken_by(
        without("TablesEndpoint"),
        put("BucketsEndpoint", "Properties", "RouteTableIds", [{"Ref": "PublicRoutes"}]),
        without("BucketsEndpoint", "Properties", "PolicyDocument", "Statement", 0, "Condition", "StringEquals", "aws:ResourceAccount"),
        without("TablesEndpoint", "Properties", "PolicyDocument"),
        **FIXED,
    )
    def test_tables_and_buckets_of_this_account_are_reached_beside_the_gateway_and_no_others(self, stack):
        found = {}
        for endpoint in stack.of("AWS::EC2::VPCEndpoint").values():
            self.assertEqual((endpoint["VpcEndpointType"], endpoint["RouteTableIds"]), ("Gateway", ["PrivateRoutes"]))
            [statement] = endpoint.get("PolicyDocument", {}).get("Statement", [{}])
            found[endpoint["ServiceName"]] = statement.get("Condition")
        own = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}}
        self.assertEqual(found, {f"com.amazonaws.{REGION}.{service}": own for service in ("dynamodb", "s3")})

    @broken_by(
        put("EgressGroup", "Properties", "SecurityGroupEgress", 0, "FromPort", 80),
        put("EgressGroup", "Properties", "SecurityGroupIngress", [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": EVERYWHERE}]),
        without("EgressGroup", "Properties", "SecurityGroupEgress"),
        put("PrivateSubnetA", "Properties", "MapPublicIpOnLaunch", True),
        **FIXED,
    )
    def test_nobody_calls_in_and_functions_call_out_by_tls_only(self, stack):
        [group] = stack.of("AWS::EC2::SecurityGroup").values()
        self.assertNotIn("SecurityGroupIngress", group)
        # Without any rule AWS would make one that lets everything out.
        out = [(one["IpProtocol"], one["FromPort"], one["ToPort"]) for one in group.get("SecurityGroupEgress", [])]
        self.assertEqual(out, [("tcp", 443, 443)])
        for subnet in stack.of("AWS::EC2::Subnet").values():
            self.assertFalse(subnet["MapPublicIpOnLaunch"])

    @mock.patch.object(iam.policies, "KEYS", KEYS)
    @broken_by(
        without("EgressPolicy"),
        put("EgressPolicy", "Properties", "PolicyDocument", "Statement", 0, "Action", "ec2:*"),
        put("EgressPolicy", "Properties", "PolicyDocument", "Statement", 1, "Action", "ec2:DescribeSubnets"),
        put("EgressPolicy", "Properties", "PolicyDocument", "Statement", 1, "Condition", {}),
        put("EgressPolicy", "Properties", "Roles", [{"Ref": "SyncRole"}, {"Ref": "RemoveRole"}, {"Ref": "ApiRole"}, {"Ref": "DispatchRole"}]),
        **FIXED,
    )
    def test_lambda_connects_them_in_their_names_and_their_own_code_cannot(self, stack):
        for role in stack.of("AWS::IAM::Role"):
            function = f"{role.removesuffix('Role')}Function"
            for action in (*INTERFACES, *OTHERS):
                may = action in INTERFACES and function in call_crms(stack)
                self.assertEqual(iam.allowed(stack, role, action, "*"), may, f"{role} {action}")
                if may:
                    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{stack.name(function)}"
                    own_code = iam.allowed(stack, role, action, "*", {"lambda:SourceFunctionArn": arn})
                    self.assertFalse(own_code, f"{role} {action}")

    @broken_by(
        without("EgressGroup", "DependsOn"),
        put("EgressGroup", "DependsOn", ["EgressPolicy"]),
        put("EgressGroup", "DependsOn", ["EgressPolicy", "RouteToEgressGateway", "RoutesOfPrivateSubnetA", "TablesEndpoint", "BucketsEndpoint"]),
        **FIXED,
    )
    def test_a_function_is_moved_when_lambda_may_do_it_and_every_way_out_is_there(self, stack):
        kinds = ("AWS::EC2::Route", "AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::VPCEndpoint")
        public = ("RouteToInternet", "RoutesOfPublicSubnet")
        ways = {name for name, found in stack.resources.items() if found["Type"] in kinds and name not in public}
        self.assertGreaterEqual(len(ways), 5)
        for function in call_crms(stack):
            [group] = stack.properties(function)["VpcConfig"]["SecurityGroupIds"]
            self.assertEqual(set(stack.resources[group].get("DependsOn", [])), ways | {"EgressPolicy"})

    def test_the_address_is_told(self):
        output = source()["Outputs"]["EgressAddress"]
        self.assertEqual((output["Condition"], output["Value"]), ("EgressIsFixed", {"Fn::GetAtt": ["EgressAddress", "PublicIp"]}))


if __name__ == "__main__":
    unittest.main()
